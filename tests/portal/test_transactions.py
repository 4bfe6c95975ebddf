"""A change in the admin is written whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from portal.middleware import AdminTransactionMiddleware

from audience.models import Audience

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("status", "kept"), [(200, True), (302, True), (500, False)])
def test_what_an_admin_form_wrote_stays_only_if_it_did_not_fail(rf: RequestFactory, status: int, kept: bool) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        Audience.objects.create(slug="essai", name="Essai")
        return HttpResponse(status=status)

    answer: Any = AdminTransactionMiddleware(view)(rf.post("/admin/audience/audience/create/"))

    assert answer.status_code == status
    assert Audience.objects.filter(slug="essai").exists() is kept
