"""An editor's day, as the admin's home begins it: what they may write, what waits for them, what they did.

Everything is read from what Wagtail lets this editor change, and costs as many queries however much there is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageLogEntry, TaskState, WorkflowState
from wagtail.permissions import policy_registry
from wagtail.query import PageQuerySet

from events.models import AgendaPage, EventPage
from guidance.models import GuidanceIndexPage, GuidancePage
from news.models import AnnouncementPage, NewsIndexPage, NewsPage
from sections.models import SectionPage
from services.models import CataloguePage, ServicePage

MOST = 6  # of each list; the rest is in the report of Wagtail that each one leads to
SOON = timedelta(days=7)
LATELY = timedelta(days=30)

# What is written, and in which lists. An announcement has a form of its own, on the portal.
WRITTEN: dict[type[Page], tuple[type[Page], str | Promise]] = {
    NewsIndexPage: (NewsPage, _("Write news")),
    AgendaPage: (EventPage, _("Add an event or a deadline")),
    GuidanceIndexPage: (GuidancePage, _("Write guidance")),
    CataloguePage: (ServicePage, _("Add a service")),
}


@dataclass(frozen=True)
class Where:
    """A list in which the editor may write."""

    label: str
    url: str
    language: str


@dataclass(frozen=True)
class ToWrite:
    """Something the editor may write, and in which lists."""

    label: str | Promise
    places: list[Where]


@dataclass(frozen=True)
class Line:
    """One page of a list."""

    title: str
    url: str
    at: datetime | None
    says: str | Promise = ""


def _allowed(user: Any, right: str) -> PageQuerySet:
    """Return the pages on which `user` has this right."""
    allowed: PageQuerySet = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, right)
    return allowed


def _edit(pk: int | str) -> str:
    return reverse("wagtailadmin_pages:edit", args=[pk])


def may_write(user: Any) -> list[ToWrite]:
    """Return what `user` may write and where: two queries. In the language of the admin if there are lists in it."""
    types = ContentType.objects.get_for_models(*WRITTEN)
    lists = (
        _allowed(user, "add")
        .live()
        .filter(alias_of=None, content_type__in=types.values())
        .select_related("locale")
        .order_by("path")
    )
    found: dict[int, list[Page]] = defaultdict(list)
    for one in lists:
        found[one.content_type_id].append(one)
    parents = [one.path[: -one.steplen] for every in found.values() for one in every]
    sections = dict(SectionPage.objects.filter(path__in=parents).values_list("path", "title"))
    written = []
    for index, (model, label) in WRITTEN.items():
        places = _spoken(found[types[index].pk])
        named = [(sections.get(one.path[: -one.steplen], ""), one) for one in places]
        where = [Where(section or one.title, _add(model, one), one.locale.language_code) for section, one in named]
        if where:
            # The portal's own list first, then sections by their names.
            order = sorted(zip(named, where, strict=True), key=lambda pair: (bool(pair[0][0]), pair[1].label))
            written.append(ToWrite(label, [one for _name, one in order]))
    return written


def _spoken(lists: list[Page]) -> list[Page]:
    """Keep the lists of the admin's language, else of the portal's first, else all."""
    for language in (get_language(), settings.LANGUAGE_CODE):
        if mine := [one for one in lists if one.locale.language_code == language]:
            return mine
    return lists


def _add(model: type[Page], parent: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, parent.pk])


def drafts(user: Any) -> list[Line]:
    """Return what `user` was the last to change and has not published, the last first: two queries."""
    pages = list(
        _allowed(user, "change")
        .filter(has_unpublished_changes=True, latest_revision__user=user, alias_of=None)
        .order_by("-latest_revision_created_at", "-pk")[:MOST]
    )
    reviews = dict(
        WorkflowState.objects.active()
        .filter(base_content_type=_page_type(), object_id__in=[str(page.pk) for page in pages])
        .values_list("object_id", "status")
    )
    return [
        Line(
            page.draft_title or page.title, _edit(page.pk), page.latest_revision_created_at, _draft_says(page, reviews)
        )
        for page in pages
    ]


def _draft_says(page: Page, reviews: dict[str, str]) -> str | Promise:
    review = reviews.get(str(page.pk))
    if review == WorkflowState.STATUS_NEEDS_CHANGES:
        return _("Changes are asked for")
    if review:
        return _("Being proofread")
    return _("Changes to a published page") if page.live else _("Never published")


def to_review(user: Any) -> list[Line]:
    """Return the pages that wait for `user`, the oldest first: one query."""
    waiting = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, workflow_state__base_content_type=_page_type()
    )
    if not user.is_superuser:
        waiting = waiting.filter(task__groupapprovaltask__groups__in=user.groups.all())
    states = waiting.select_related("revision__user", "task").order_by("started_at", "pk").distinct()[:MOST]
    return [
        Line(
            title=state.revision.object_str,
            url=_edit(state.revision.object_id),
            at=state.started_at,
            says=state.revision.user.get_full_name() if state.revision.user else "",
        )
        for state in states
    ]


def published(user: Any) -> list[Line]:
    """Return what `user` published lately and is still shown, the last first: two queries."""
    log = (
        PageLogEntry.objects.filter(
            user=user,
            action="wagtail.publish",
            timestamp__gte=timezone.now() - LATELY,
            page__in=_allowed(user, "change").filter(live=True),
        )
        .values("page")
        .annotate(last=Max("timestamp"))
        .order_by("-last")[:MOST]
    )
    when = {one["page"]: one["last"] for one in log}
    pages = Page.objects.in_bulk(when)
    return [Line(pages[pk].title, _edit(pk), at) for pk, at in when.items() if pk in pages]


def ending(user: Any, *, announces: bool) -> list[Line]:
    """Return the announcements that end within days and that `user` may change, the first to end first: one query.

    Whoever `announces` changes them in the form of the portal, anyone else in the admin.
    """
    now = timezone.now()
    announcements = (
        AnnouncementPage.objects.filter(pk__in=_allowed(user, "change").values("pk"), live=True, alias_of=None)
        .filter(expire_at__gt=now, expire_at__lte=now + SOON)
        .order_by("expire_at", "pk")[:MOST]
    )
    form = "announcement_edit" if announces else "wagtailadmin_pages:edit"
    return [Line(one.title, reverse(form, args=[one.pk]), one.expire_at) for one in announcements]


def _page_type() -> ContentType:
    return ContentType.objects.get_for_model(Page)
