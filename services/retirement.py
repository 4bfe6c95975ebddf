"""A service that is no more: its page says so and by what it is replaced, lists forget it, links follow."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from search.projection import project_page
from services.models import Retirement, ServicePage


def pages_of(service: UUID) -> QuerySet[ServicePage]:
    """Return the pages of a service: in each language, aliases included, from the top of the tree down."""
    same = Q(translation_key=service) | Q(alias_of__translation_key=service)
    pages: QuerySet[ServicePage] = ServicePage.objects.filter(same).order_by("path")
    return pages


class SuccessorError(ValueError):
    """A service would replace itself, or be replaced by one that is retired."""


@transaction.atomic
def retire(*, service: UUID, successor: UUID | None, message: str, author: User | None) -> Retirement:
    """Retire a service in all its languages, or change what is said of its retirement. Raises SuccessorError."""
    if successor is not None and (
        successor == service or Retirement.objects.select_for_update().filter(service=successor).exists()
    ):
        raise SuccessorError(f"{service}: replaced by {successor}")
    said = {"successor": successor, "message": message, "author": author}
    retired, _made = Retirement.objects.update_or_create(service=service, defaults=said)
    _project(service)
    return retired


@transaction.atomic
def restore(*, service: UUID) -> None:
    """Take the retirement of a service back, in all its languages."""
    Retirement.objects.filter(service=service).delete()
    _project(service)


def _project(service: UUID) -> None:
    for pk in pages_of(service).values_list("pk", flat=True):
        project_page(pk)
