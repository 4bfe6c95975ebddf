"""Pages become entries, in the transaction that publishes them.

The state is read from the database, never from a signal: Wagtail signals the publication of a page scheduled for later,
and nothing at all for the subtree of a page that moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import reduce
from operator import or_
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, get_page_models

from audience.demands import LOGIN, Clauses, audience_clauses, demand_id, own_clauses
from audience.models import Audience
from audience.version import touch
from content.entry import EntryData, Kind
from content.models import PortalImage, PortalPage
from search.dates import follow_paths, follow_urls, forget_dates, write_dates
from search.index import index_entry
from search.inheritance import Sets, State, cascade, handed_down, inherit, own_of, top_state
from search.languages import share_languages, shown_alone
from search.locks import STEP, lock
from search.models import ALWAYS, Entry, EntryText
from search.querysets import LAST_BELOW, page_type

MOVES_DURING_A_LOCK = 5
_waiting: ContextVar[set[int] | None] = ContextVar("pages that wait to be projected", default=None)
Held = TypeVar("Held", Page, Entry)
# What says where a page stands, and what else its projection reaches.
PLACE = ("path", "depth", "translation_key", "alias_of", "content_type")


def restriction_clauses(restriction: Any, *, unlocks: str = "password") -> Clauses | None:
    """Return what one of Wagtail's view restrictions (of a page or of a collection) demands."""
    match restriction.restriction_type:
        case PageViewRestriction.LOGIN:
            return LOGIN
        case PageViewRestriction.GROUPS:
            return (tuple(sorted(f"group:{pk}" for pk in restriction.groups.values_list("pk", flat=True))),)
        case PageViewRestriction.PASSWORD:
            return ((f"{unlocks}:{restriction.pk}",),)
    return None


def _stated(page: PortalPage, audiences: list[Audience]) -> set[int]:
    """Return the demands the page itself makes: its audiences once it has been published, its privacy always."""
    demands = set()
    if page.live or page.first_published_at:
        clauses = own_clauses(page.access, audiences)
        demands |= {demand_id(clauses)} if clauses is not None else set()
    # The tree's root is no entry: what is asked there is asked of every home.
    pages = [page.pk] if page.depth > 2 else [page.pk, *page.get_ancestors().values_list("pk", flat=True)]
    for restriction in PageViewRestriction.objects.filter(page__in=pages):
        clauses = restriction_clauses(restriction)
        demands |= {demand_id(clauses)} if clauses is not None else set()
    return demands


def _aliases_below(paths: Iterable[str]) -> Any:
    """Return (path, alias_of) of the aliases of what stands at `paths` or below."""
    pages = Entry.objects.pages()
    below = [Q(path__gte=path, path__lte=path + LAST_BELOW) for path in paths]
    sources = pages.filter(reduce(or_, below)).values("object_id")
    return pages.filter(alias_of__isnull=False, alias_of__in=sources).values_list("path", "alias_of")


def _reach(page: Page | Entry, *, pk: int) -> tuple[frozenset[str], frozenset[str]]:
    """Return the paths of the entries that a projection of page `pk` may write, and of those it must find unchanged.

    It writes the page's own, its translations', and those of the aliases that follow it, them, or anything below;
    it reads the sources of those that are aliases.
    """
    pages = Entry.objects.pages()
    group = pages.filter(Q(object_id=pk) | Q(translation_key=page.translation_key)).values_list("path", "alias_of")
    mine: dict[str, int | None] = {page.path: page.alias_of_id if isinstance(page, Page) else page.alias_of}
    reached = dict(group.union(_aliases_below([page.path])))
    while found := set(reached) - set(mine):
        mine |= reached
        reached = dict(_aliases_below(found))
    asked = {source for source in mine.values() if source}
    sources_read = set(Entry.objects.of_pages(asked).values_list("path", flat=True)) if asked else set()
    return frozenset(mine), frozenset(sources_read - set(mine))


def _hold(pk: int, before: Page | Entry, read: Callable[[], Held | None]) -> Held | None:
    """Return what `read` does of page `pk`, all that its projection reads or writes being locked.

    `before` says where it stood a moment ago.
    """
    if not connection.features.has_select_for_update:
        return read()
    for _try in range(MOVES_DURING_A_LOCK):
        with transaction.atomic():  # a savepoint: locks taken in vain are given back
            mine, shared = _reach(before, pk=pk)
            lock(set(mine), shared=shared)
            now = read()
            if now is None or (now.path == before.path and _reach(now, pk=pk) == (mine, shared)):
                return now
            before = now
            transaction.set_rollback(True)
    raise RuntimeError(f"page {pk} moves faster than it can be locked")


@contextmanager
def projected_once() -> Iterator[None]:
    """Within, many pages are added in one transaction, each saved several times; on leaving, each is projected once."""
    waiting: set[int] = set()
    with transaction.atomic():
        token = _waiting.set(waiting)
        try:
            yield
        finally:
            _waiting.reset(token)
        # From above: what a page hands down is there when those below ask for it.
        for pk in Page.objects.filter(pk__in=waiting).order_by("depth", "path").values_list("pk", flat=True):
            project_page(pk)


def project_page(pk: int) -> None:
    """Bring the entry of page `pk`, and what it hands down, in line with the database."""
    waiting = _waiting.get()
    if waiting is None:
        _project(pk)
    else:
        waiting.add(pk)


@transaction.atomic(savepoint=False)
def _project(pk: int) -> None:
    place = Page.objects.filter(pk=pk).only(*PLACE).first()
    model = place.specific_class if place and place.depth > 1 else None
    if place is None or model is None or not issubclass(model, PortalPage):
        return
    page = _hold(pk, place, model.objects.filter(pk=pk).select_related("locale", "unit").first)
    if page is None:  # being deleted: the privacy that goes with it is signalled before the page is
        return
    sets = Sets()
    before = Entry.objects.of_page(page).first()
    moved = before is not None and before.path != page.path
    if moved:
        _follow_paths(page)
    entry = before or Entry(content_type=page_type(), object_id=page.pk)
    handed_before = handed_down(entry) if before else None
    url_before = entry.url
    dated = bool(entry.extra.get("dates"))
    said, audiences = page.entry(), list(page.audiences.all())
    _fill(entry, page, said, audiences)
    entry.stated_id = sets.intern(_stated(page, audiences))
    others = _translations(entry)
    _share_with_group(entry, others, sets)
    above = _state_above(page)
    _apply(entry, above, sets)
    entry.version = entry.version + 1 if before else 1
    entry.save()
    write_text(entry, said)
    if before and (moved or url_before != entry.url):
        _follow_addresses(entry, url_before)
    if said.dates or dated:
        write_dates(entry, said.dates)
    if before is None or moved or handed_before != handed_down(entry):
        cascade(entry, sets)
        _follow_aliases(entry, sets)
    _follow_translations(entry, others, sets)
    touch()


def _state_above(page: Page) -> Any:
    if page.depth == 2:
        return top_state()
    above = Entry.objects.at_paths([page.path[:-STEP]]).only("kind", *State._fields)
    parent = above.first()
    if parent is None:
        # An ancestor not yet projected (an import from below): it comes first.
        _project(page.get_parent().pk)
        parent = above.get()
    return handed_down(parent)


def _apply(entry: Entry, above: Any, sets: Sets) -> None:
    for name, value in inherit(above, own_of(entry), sets).as_fields().items():
        setattr(entry, name, value)
    entry.is_reserved = bool(sets.of(entry.visibility_id))


def _fill(entry: Entry, page: PortalPage, said: EntryData, audiences: list[Audience]) -> None:
    """Copy to `entry` what the page says of itself."""
    for name in (
        "kind", "title", "summary", "image", "unit_id", "campus", "category", "extra", "in_menu",
        "published_at", "starts_at", "ends_at", "pinned_until",
    ):  # fmt: skip
        setattr(entry, name, getattr(said, name))
    if entry.unit_id == page.unit_id:
        entry.unit = page.unit  # read with the page, for the index
    if said.dates:  # so that a page without dates costs nothing for them
        entry.extra = {**said.extra, "dates": len(said.dates)}
    if said.pictures:
        entry.extra = {**entry.extra, "pictures": [list(picture) for picture in said.pictures]}
    entry.topics, entry.identifiers = list(said.topics), list(said.identifiers)
    until = (said.extra.get("state") or {}).get("until")
    entry.changes_at = until or None
    entry.language = page.locale.language_code
    entry.path, entry.depth = page.path, page.depth
    entry.translation_key, entry.alias_of = page.translation_key, page.alias_of_id
    entry.is_alias = bool(page.alias_of_id) and page.alias_of.locale_id == page.locale_id
    if entry.alias_of and not entry.is_alias:  # mirrors a page of another language: its text is in that one
        entry.extra = {**entry.extra, "spoken": page.alias_of.locale.language_code}
    entry.shown_in = entry.shown_in or entry.language
    # Of home, it would be so of the whole portal.
    entry.said_discreet = page.discreet and entry.kind != Kind.HOME
    entry.own_live = page.live
    entry.own_live_from = page.go_live_at or ALWAYS
    entry.own_expires_at = page.expire_at
    entry.recommendation_id = demand_id(audience_clauses(audiences)) if audiences else None
    parts = page.get_url_parts()
    entry.url = parts[2] if parts else ""


def write_text(entry: Entry, said: EntryData) -> None:
    """Write the text of `entry` and its index row."""
    text = EntryText(entry=entry, headings=said.headings, body=said.body)
    if entry.kind == Kind.DOCUMENT:  # the text of its file is read apart (search.files), and stays
        text.file_text = EntryText.objects.filter(pk=entry.pk).values_list("file_text", flat=True).first() or ""
    # The entry's row is held: nobody makes its text meanwhile.
    if not EntryText.objects.filter(pk=entry.pk).update(headings=said.headings, body=said.body):
        text.save(force_insert=True)
    index_entry(entry)


Others = list[tuple[int, int, bool]]


def _translations(entry: Entry) -> Others:
    """Return the ids of the other entries of this thing, what each states and whether it says to be discreet.

    By their place in the tree.
    """
    others = Entry.objects.pages().translations_of([entry.translation_key]).exclude(pk=entry.pk)
    return list(others.order_by("path").values_list("pk", "stated_id", "said_discreet"))


def _share_with_group(entry: Entry, others: Others, sets: Sets) -> None:
    """Demand at this entry what it does, its translations do and its source does; be discreet if one of them is."""
    said = [(entry.stated_id, entry.said_discreet), *((stated, discreet) for _pk, stated, discreet in others)]
    if entry.alias_of:
        said += Entry.objects.of_pages([entry.alias_of]).values_list("visibility_id", "discreet")
    entry.own_demand_id = sets.union(demands for demands, _discreet in said)
    entry.own_discreet = any(discreet for _demands, discreet in said)


def _follow_paths(page: Page) -> None:
    """Give entries the paths that a move left their pages with: the subtree's, and siblings' that it pushed aside."""
    places = Page.objects.filter(pk=OuterRef("object_id"))
    parent = page.path[:-STEP]
    siblings = Page.objects.filter(path__gt=parent, path__lte=parent + LAST_BELOW, depth=page.depth)
    kept = dict(Entry.objects.of_pages(siblings.values("pk")).values_list("object_id", "path"))
    for pk, path in siblings.values_list("pk", "path"):
        if kept.get(pk, path) == path:
            continue
        below = Page.objects.filter(path__gte=path, path__lte=path + LAST_BELOW)
        Entry.objects.of_pages(below.values("pk")).update(
            path=Subquery(places.values("path")), depth=Subquery(places.values("depth")), version=F("version") + 1
        )
    follow_paths(parent)


def _follow_addresses(entry: Entry, url_before: str) -> None:
    """Give the entries below `entry` addresses that begin with its own.

    Wagtail rewrites the addresses below a moved page only after it saved the page, so the entries' are what to go by.
    """
    if url_before:
        tail = Substr("url", len(url_before) + 1)
        Entry.objects.below(entry.path).update(
            url=Concat(Value(entry.url), tail), version=F("version") + 1, updated_at=timezone.now()
        )


@transaction.atomic
def follow_addresses(pk: int) -> None:
    """Take the addresses below a moved page from their pages, once Wagtail has rewritten them."""
    page = Page.objects.filter(pk=pk).first()
    entry = Entry.objects.of_page(page).first() if page else None
    if page and entry:
        places = Page.objects.filter(pk=OuterRef("object_id"))
        tail = Substr(Subquery(places.values("url_path")), len(page.url_path) + 1)
        Entry.objects.pages().below(entry.path).update(url=Concat(Value(entry.url), tail), version=F("version") + 1)
        follow_urls(entry.path)
        touch()


def _redemand(pks: Iterable[int], sets: Sets) -> None:
    """Compute again what is demanded at these entries, and hand it down where it changed."""
    for pk in pks:
        entry = Entry.objects.get(pk=pk)  # read now: the one before may have changed it
        parent = Entry.objects.at_paths([entry.path[:-STEP]]).first()
        above = handed_down(parent) if parent else top_state()
        own_before, before = own_of(entry), handed_down(entry)
        _share_with_group(entry, _translations(entry), sets)
        _apply(entry, above, sets)
        if (own_before, before) == (own_of(entry), handed_down(entry)):
            continue
        # Also when only its own demand changed: what hides that from above may be taken away later.
        entry.version += 1
        entry.save()
        if before != handed_down(entry):
            cascade(entry, sets)
            _follow_aliases(entry, sets)


def _follow_aliases(entry: Entry, sets: Sets) -> None:
    """An alias demands all that its source does: bring those of this entry and of its subtree in line."""
    sources = Entry.objects.pages().filter(path__gte=entry.path, path__lte=entry.path + LAST_BELOW)
    aliases = Entry.objects.pages().filter(alias_of__isnull=False, alias_of__in=sources.values("object_id"))
    _redemand(list(aliases.order_by("path").values_list("pk", flat=True)), sets)


def _follow_translations(entry: Entry, others: Others, sets: Sets) -> None:
    """A demand holds in every language, and each list shows one language of a thing."""
    if others:
        _redemand([pk for pk, *_said in others], sets)
    elif entry.is_alias or entry.shown_in == shown_alone(entry):
        return
    share_languages([entry.translation_key])


@transaction.atomic
def forget_page(pk: int) -> None:
    """Remove the entry of a page that is gone; its translations and aliases no longer share what it demanded."""
    read = Entry.objects.of_pages([pk]).first
    before = read()
    entry = _hold(pk, before, read) if before else None
    if entry is None:
        return
    entry.delete()
    forget_dates(entry)
    others = Entry.objects.pages().translations_of([entry.translation_key]).order_by("path")
    _redemand(list(others.values_list("pk", flat=True)), Sets())
    share_languages([entry.translation_key])
    # Wagtail makes the aliases of a deleted page pages of their own, and says nothing.
    for alias in list(Entry.objects.pages().filter(alias_of=pk).order_by("path").values_list("object_id", flat=True)):
        project_page(alias)
    touch()


@transaction.atomic
def change_state(translation_key: UUID, said: dict[str, str] | None) -> None:
    """Say how a service goes on the entries of all its translations, and on nothing else."""
    # Held, so that a publication meanwhile is not undone.
    for entry in Entry.objects.select_for_update().translations_of([translation_key]).order_by("path"):
        entry.extra["state"] = said
        entry.changes_at = (said or {}).get("until") or None
        entry.version += 1
        entry.save(update_fields=["extra", "changes_at", "version", "updated_at"])
    touch()


def project_pages_with_image(image: PortalImage) -> None:
    """Give the cards of the pages that show `image` its present file."""
    _project_those_with(image=image)


def project_pages_for(audience: Audience) -> None:
    """Bring the pages that carry `audience` in line, its kind having changed."""
    _project_those_with(audiences=audience)


def _project_those_with(**what: object) -> None:
    for model in get_page_models():
        if issubclass(model, PortalPage):
            for pk in model.objects.filter(**what).values_list("pk", flat=True):
                project_page(pk)


def project_all(pks: Iterable[int]) -> Iterable[int]:
    """Project pages one by one, parents first; yields each id when done."""
    for pk in pks:
        project_page(pk)
        yield pk
