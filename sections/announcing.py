"""Announcements, from the form of a secretary to the page: where, by whom, published or submitted, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy

from accounts.models import User
from audience.demands import Clauses, table
from audience.models import Access, Audience
from audience.sensitive import any_sensitive
from news.models import TAKEN, AnnouncementPage, NewsIndexPage
from search.models import Entry
from sections.addressing import Addressing
from sections.models import SectionPage

# The token of a form and its author make the announcement's translation_key: sent twice, it is the same one, and nobody
# can say the key of another page.
FORMS = UUID("5f0c4f6e-7f0b-4a43-9a44-0f4f2f6f7b1e")


class Outcome(Enum):
    """What became of what was sent."""

    PUBLISHED = "published"
    SUBMITTED = "submitted"  # to the workflow of the section
    KEPT = "kept"  # as a draft: there is no workflow to submit it to
    ALREADY = "already"  # this form had been sent before, and nothing was changed


@dataclass(frozen=True)
class Words:
    """What an announcement says, to whom, until the end of which day."""

    title: str
    text: str
    access: Access
    audiences: tuple[Audience, ...]
    until: date

    @property
    def expires_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.until + timedelta(days=1), time()))


@dataclass(frozen=True)
class Place:
    """A list of news in which someone may announce, and its section if it has one."""

    index: NewsIndexPage
    section: SectionPage | None
    author: Any = None

    @property
    def label(self) -> str:
        return str(self.section.title if self.section else self.index.title)

    @cached_property
    def addressing(self) -> Addressing:
        """Whom an announcement here may be for."""
        base: list[Audience] = []
        if self.section:
            own, default = self.section.audiences.all(), self.section.announcement_audiences.all()
            base = self._usable([one for one in default or own if not one.retired])
        return Addressing.load(base=base, above=self._above())

    def _usable(self, audiences: list[Audience]) -> list[Audience]:
        """Leave out the sensitive audiences of other units than the author's."""
        if not any_sensitive(audiences):
            return audiences
        usable = set(Audience.objects.usable_by(self.author).values_list("pk", flat=True))
        return [one for one in audiences if one.pk in usable]

    def _above(self) -> list[Clauses]:
        """Return what is demanded of the readers of the list by its audiences and those of the pages above it."""
        entry = Entry.objects.of_page(self.index).only("visibility").first()
        known = table()
        demands = known.visibilities.get(entry.visibility_id, ()) if entry else ()
        return [known.demands[pk] for pk in demands if known.about_audiences(pk)]

    def is_direct_for(self, user: User) -> bool:
        """Return whether what `user` announces here is published at once."""
        if self.section and self.section.direct_publication:
            return True
        return bool(self.index.permissions_for_user(user).can_publish())


def holds_rights(user: Any) -> bool:
    """Return whether `user` may hold any right: nearly all readers have no group, and cost no query."""
    return bool(user.is_authenticated and (user.is_superuser or getattr(user, "may_hold_permissions", True)))


def _lists_of(user: Any) -> Any:
    allowed = PagePermissionPolicy(NewsIndexPage).instances_user_has_permission_for(user, "add")
    return allowed.live().filter(alias_of=None)


def may_announce(user: Any) -> bool:
    """Return whether `user` may announce somewhere."""
    return holds_rights(user) and bool(_lists_of(user).exists())


def places_of(user: Any) -> list[Place]:
    """Return where `user` may announce: the lists of news under which they may add pages, by their names."""
    if not holds_rights(user):
        return []
    indexes = list(_lists_of(user).order_by("path"))
    parents = [index.path[: -index.steplen] for index in indexes]
    sections = {section.path: section for section in SectionPage.objects.live().filter(path__in=parents)}
    places = [Place(index, sections.get(path), user) for index, path in zip(indexes, parents, strict=True)]
    return sorted(
        (place for place in places if place.section or place.index.is_of_portal),
        key=lambda place: (place.section is not None, place.label, place.index.path),
    )


def place_of(announcement: AnnouncementPage, *, user: Any = None) -> Place:
    """Return where an announcement stands, which `user` is about to change."""
    index = NewsIndexPage.objects.get(path=announcement.path[: -announcement.steplen])
    return Place(index, SectionPage.objects.filter(path=index.path[: -index.steplen]).first(), user)


@transaction.atomic
def announce(*, place: Place, author: User, words: Words, token: str) -> tuple[AnnouncementPage, Outcome]:
    """Make an announcement, published or submitted as the section has it; a form sent twice makes one."""
    # Whoever sends the same form again, or another one here, waits for this to be done.
    Page.objects.select_for_update(no_key=True).get(pk=place.index.pk)
    key = uuid5(FORMS, f"{author.pk}:{token}")
    made = AnnouncementPage.objects.filter(translation_key=key)
    if known := made.first():
        return known, Outcome.ALREADY
    index = NewsIndexPage.objects.get(pk=place.index.pk)
    page = AnnouncementPage(
        title=words.title,
        slug=_free_slug(index, words.title),
        owner=author,
        locale_id=index.locale_id,
        translation_key=key,
        unit_id=place.section.unit_id if place.section else index.unit_id,
        contact=place.section.contact_line if place.section else index.contact,
        live=False,
    )
    _write(page, words)
    try:
        with transaction.atomic():
            index.add_child(instance=page)
    except IntegrityError:  # the same form, sent at once to two lists
        return made.get(), Outcome.ALREADY
    return page, _send(page, place=place, user=author)


@transaction.atomic
def amend(*, announcement: AnnouncementPage, user: User, words: Words) -> Outcome:
    """Change an announcement, or put back one that was withdrawn; published or submitted as the section has it."""
    page: AnnouncementPage = announcement.get_latest_revision_as_object()
    page.title = words.title
    _write(page, words)
    return _send(page, place=place_of(announcement), user=user)


@transaction.atomic
def withdraw(*, announcement: AnnouncementPage, user: User) -> None:
    """Take an announcement back at once, whoever had to approve it."""
    state = announcement.current_workflow_state
    if state is not None:
        state.cancel(user=user)
    page = AnnouncementPage.objects.get(pk=announcement.pk)
    if page.live:
        # The author's own right, which is not that of unpublishing pages.
        UnpublishPageAction(page, user=user).execute(skip_permission_checks=True)


def _write(page: AnnouncementPage, words: Words) -> None:
    page.draft_title = page.title
    page.text = words.text
    page.access = words.access
    page.audiences = list(words.audiences)
    page.expire_at = words.expires_at
    page.expired = False


def _send(page: AnnouncementPage, *, place: Place, user: User) -> Outcome:
    revision = page.save_revision(user=user, log_action=True)
    if place.is_direct_for(user):
        # The section's choice stands for the right to publish, for announcements alone.
        revision.publish(user=user, skip_permission_checks=True)
        return Outcome.PUBLISHED
    state = page.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
        return Outcome.SUBMITTED
    workflow = page.get_workflow()
    if workflow is None:
        return Outcome.KEPT
    if state is None:
        workflow.start(page, user)
    return Outcome.SUBMITTED


def _free_slug(index: NewsIndexPage, title: str) -> str:
    base = slugify(title)[:80].strip("-") or "announcement"
    base = f"announcement-{base}" if TAKEN.fullmatch(base) else base
    taken = set(index.get_children().filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def may_amend(user: Any, announcement: AnnouncementPage) -> bool:
    """Return whether `user` may change `announcement`: its author while they may add there, and who may edit it."""
    if not user.is_authenticated or announcement.alias_of_id:
        return False
    return bool(announcement.permissions_for_user(user).can_edit())


def may_withdraw(user: Any, announcement: AnnouncementPage) -> bool:
    """Return whether `user` may take `announcement` back: its author, and who may publish there."""
    if not may_amend(user, announcement):
        return False
    return bool(announcement.owner_id == user.pk or announcement.permissions_for_user(user).can_publish())


def held_back(user: Any, announcement: AnnouncementPage) -> str:
    """Return why `user` cannot change `announcement` now: it is being proofread, or locked; "" if they can."""
    task = announcement.current_workflow_task
    if task is not None and task.locked_for_user(announcement, user):
        return _("It is being proofread: it can be changed again once that is done. You can withdraw it meanwhile.")
    lock = announcement.get_lock()
    if lock is not None and lock.for_user(user):
        return _("It is locked by someone who is editing it.")
    return ""
