"""The portal's addresses, and one at which it does what an editor would do in the admin, without the forms."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from portal.urls import handler403 as handler403
from portal.urls import handler404 as handler404
from portal.urls import handler500 as handler500
from portal.urls import urlpatterns as _all
from wagtail.models import Page, PageViewRestriction

from audience.models import Access, Audience
from content.models import StandardPage


@csrf_exempt
def operate(request: HttpRequest) -> JsonResponse:
    """Do one thing to a page: each is one service of Wagtail's, as its admin calls it."""
    said = json.loads(request.body)
    page = Page.objects.get(pk=said["page"]).specific
    made = OPERATIONS[said["what"]](page, said)
    return JsonResponse({"page": made.pk if made else None})


def add(parent: Any, said: dict[str, Any]) -> Any:
    page = parent.add_child(instance=StandardPage(title=said["title"], slug=said["slug"], live=False))
    page.save_revision().publish()
    return page


def publish(page: Any, said: dict[str, Any]) -> None:
    page.save_revision().publish()


def rename(page: Any, said: dict[str, Any]) -> None:
    page.title = said["title"]
    page.save_revision().publish()


def unpublish(page: Any, said: dict[str, Any]) -> None:
    page.unpublish()


def move(page: Any, said: dict[str, Any]) -> None:
    page.move(Page.objects.get(pk=said["target"]), pos="last-child")


def reserve(page: Any, said: dict[str, Any]) -> None:
    page.access, page.audiences = Access.RESERVED, [Audience.objects.get(slug="personnels")]
    page.save_revision().publish()


def open_to_all(page: Any, said: dict[str, Any]) -> None:
    page.access, page.audiences = Access.RECOMMENDED, []
    page.save_revision().publish()


def lock(page: Any, said: dict[str, Any]) -> None:
    PageViewRestriction.objects.get_or_create(page=page, restriction_type=PageViewRestriction.LOGIN)


def unlock(page: Any, said: dict[str, Any]) -> None:
    for restriction in PageViewRestriction.objects.filter(page=page):
        restriction.delete()


def delete(page: Any, said: dict[str, Any]) -> None:
    page.delete()


OPERATIONS: dict[str, Any] = {
    "add": add, "publish": publish, "rename": rename, "unpublish": unpublish, "move": move, "reserve": reserve,
    "open": open_to_all, "lock": lock, "unlock": unlock, "delete": delete,
}  # fmt: skip

urlpatterns = [path("operate", operate), *_all]
