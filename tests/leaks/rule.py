"""The rule of visibility, computed again from the pages alone: slow, plain, and with none of the portal's code for it.

A page is visible to a reader at an instant if it and its ancestors are live, if the latest of their starts is past and
the earliest of their ends is not, and if each demand of the page and of each ancestor is met by one position.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, get_page_models

from content.models import PortalDocument, PortalPage
from home.models import Alert

STEP = 4
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LANGUAGES = ("fr", "en", "es")

Atom = str
Demand = frozenset[frozenset[Atom]]


@dataclass(frozen=True)
class Who:
    """Who is looking, said plainly."""

    positions: tuple[frozenset[int], ...] = (frozenset(),)
    signed_in: bool = False
    groups: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()
    opened: frozenset[int] = frozenset()

    def atoms(self, position: frozenset[int]) -> set[Atom]:
        """Return all that is true of this reader in one position."""
        true = {f"audience:{pk}" for pk in position} | {f"group:{pk}" for pk in self.groups}
        true |= {f"password:{pk}" for pk in self.passed} | {f"collection:{pk}" for pk in self.opened}
        return true | ({"login"} if self.signed_in else set())

    def meets(self, demand: Demand) -> bool:
        for position in self.positions:
            true = self.atoms(position)
            if all(clause & true for clause in demand):
                return True
        return False


def wanted(access: str, audiences: Iterable[tuple[int, str]]) -> set[Demand]:
    """Return what these audiences, each (id, kind), demand: nothing, or one demand of a clause a kind."""
    if access != "reserved":
        return set()
    by_kind: dict[str, set[Atom]] = defaultdict(set)
    for pk, kind in audiences:
        by_kind[kind].add(f"audience:{pk}")
    return {frozenset(frozenset(clause) for clause in by_kind.values()) or frozenset({frozenset()})}


def private(restriction: Any, password: str) -> set[Demand]:
    match restriction.restriction_type:
        case "login":
            return {frozenset({frozenset({"login"})})}
        case "password":
            return {frozenset({frozenset({f"{password}:{restriction.pk}"})})}
        case "groups":
            return {frozenset({frozenset(f"group:{pk}" for pk in restriction.groups.values_list("pk", flat=True))})}
    return set()


@dataclass
class Rule:
    """All pages and documents as the database has them now, and what each of them demands."""

    pages: dict[int, Page] = field(default_factory=dict)
    documents: dict[int, PortalDocument] = field(default_factory=dict)
    alerts: dict[int, Alert] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pages = {page.pk: page for page in Page.objects.select_related("locale", "content_type").order_by("path")}
        self.by_path = {page.path: page for page in self.pages.values()}
        self.twins: dict[Any, list[Page]] = defaultdict(list)
        for page in self.pages.values():
            self.twins[page.translation_key].append(page)
        self.access: dict[int, str] = {}
        self.said_discreet: set[int] = set()
        self.audiences: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for model in get_page_models():
            if issubclass(model, PortalPage):
                self.access.update(model.objects.values_list("pk", "access"))
                self.said_discreet.update(model.objects.filter(discreet=True).values_list("pk", flat=True))
                for pk, audience, kind in model.objects.values_list("pk", "audiences", "audiences__kind"):
                    if audience is not None:
                        self.audiences[pk].append((audience, kind))
        self.privacy: dict[int, set[Demand]] = defaultdict(set)
        for restriction in PageViewRestriction.objects.prefetch_related("groups"):
            self.privacy[restriction.page_id] |= private(restriction, "password")
        self.documents = {one.pk: one for one in PortalDocument.objects.select_related("collection")}
        self.alerts = {one.pk: one for one in Alert.objects.all()}
        self.collections = {one.path: one.pk for one in Collection.objects.all()}
        self.shut: dict[int, set[Demand]] = defaultdict(set)
        for closed in CollectionViewRestriction.objects.prefetch_related("groups"):
            self.shut[closed.collection_id] |= private(closed, "collection")

    def line(self, page: Page) -> list[Page]:
        """Return the page's ancestors from the root down, and the page."""
        return [self.by_path[page.path[:end]] for end in range(STEP, len(page.path) + 1, STEP)]

    def own(self, page: Page) -> set[Demand]:
        """Return what is demanded at the page itself: by it, its translations, and all its source demands."""
        demands: set[Demand] = set()
        for twin in self.twins[page.translation_key]:
            if twin.live or twin.first_published_at:
                demands |= wanted(self.access.get(twin.pk, "recommended"), self.audiences[twin.pk])
            demands |= self.privacy[twin.pk]
        if page.alias_of_id:
            demands |= self.demands(self.pages[page.alias_of_id])
        return demands

    def demands(self, page: Page) -> set[Demand]:
        return set().union(*(self.own(one) for one in self.line(page)))

    def discreet(self, page: Page) -> bool:
        """Return whether the page, what is above it, a translation or a source of one of those says so."""
        said = False
        for one in self.line(page):
            said = said or any(twin.pk in self.said_discreet for twin in self.twins[one.translation_key])
            said = said or bool(one.alias_of_id and self.discreet(self.pages[one.alias_of_id]))
        return said

    def withdrawn(self, page: Page) -> bool:
        return not all(one.live for one in self.line(page))

    def starts(self, page: Page) -> datetime:
        return max([EPOCH, *(one.go_live_at for one in self.line(page) if one.go_live_at)])

    def ends(self, page: Page) -> datetime | None:
        return min((one.expire_at for one in self.line(page) if one.expire_at), default=None)

    def is_current(self, page: Page, at: datetime) -> bool:
        ends = self.ends(page)
        return not self.withdrawn(page) and self.starts(page) <= at and (ends is None or ends > at)

    def unmet(self, page: Page, who: Who) -> list[Demand]:
        return [demand for demand in self.demands(page) if not who.meets(demand)]

    def sees(self, who: Who, page: Page, at: datetime) -> bool:
        return self.is_current(page, at) and not self.unmet(page, who)

    def visible(self, who: Who, at: datetime) -> list[Page]:
        return [page for page in self.pages.values() if page.depth > 1 and self.sees(who, page, at)]

    def answer(self, who: Who, page: Page, at: datetime) -> int:
        """Return the status of the page's address: 200, 302 to sign in, 403, 404, or 0 for the form of a password."""
        if not self.is_current(page, at):
            return 404
        unmet = self.unmet(page, who)
        if not unmet:
            return 200
        asked = {atom.partition(":")[0] for demand in unmet for clause in demand for atom in clause}
        if "audience" in asked or any(not clause for demand in unmet for clause in demand):
            return 404
        if "login" in asked and not who.signed_in:
            return 302
        return 0 if "password" in asked else 403

    def document_demands(self, document: PortalDocument) -> set[Demand]:
        audiences = document.audiences.values_list("pk", "kind")
        demands = wanted(document.access, audiences)
        path = document.collection.path
        for end in range(STEP, len(path) + 1, STEP):
            demands |= self.shut[self.collections[path[:end]]]
        return demands

    def sees_document(self, who: Who, document: PortalDocument) -> bool:
        return all(who.meets(demand) for demand in self.document_demands(document))

    def dates(self, page: Page) -> list[tuple[str, datetime, datetime]]:
        """Return the key dates of the page: label, start, end. One without an hour lasts its day."""
        found = []
        for child in page.specific.body.raw_data:
            if child["type"] != "dates":
                continue
            for item in child["value"]["items"]:
                said = item.get("value", item)
                day, hour = date.fromisoformat(said["starts_on"]), said["starts_at"]
                start = timezone.make_aware(datetime.combine(day, time.fromisoformat(hour) if hour else time()))
                end = start if hour else timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
                found.append((said["label"], start, end if hour else end - timedelta(seconds=1)))
        return sorted(found)

    def alert_demands(self, alert: Alert) -> set[Demand]:
        return wanted(alert.access, alert.audiences.values_list("pk", "kind"))

    def sees_alert(self, who: Who, alert: Alert, at: datetime) -> bool:
        now = alert.starts_at <= at and (alert.ends_at is None or alert.ends_at > at)
        return now and all(who.meets(demand) for demand in self.alert_demands(alert))

    def is_shown_alert(self, who: Who, alert: Alert, at: datetime) -> bool:
        """Whether it is said to this reader without being looked for: what is recommended is, to those it is for."""
        audiences = list(alert.audiences.values_list("pk", "kind"))
        meant = not audiences or all(who.meets(demand) for demand in wanted("reserved", audiences))
        return meant and self.sees_alert(who, alert, at)

    def section(self, page: Page) -> int | None:
        """Return the id of the section the page stands in, itself not counted."""
        return next((p.pk for p in reversed(self.line(page)[:-1]) if p.content_type.model == "sectionpage"), None)

    def dates_section(self, page: Page) -> int | None:
        """Return the id of the section that the page's dates stand in: the page itself when it is one."""
        return page.pk if page.content_type.model == "sectionpage" else self.section(page)

    def is_mirror(self, page: Page) -> bool:
        """Whether the page is an alias beside its source, in the same language."""
        return bool(page.alias_of_id) and self.pages[page.alias_of_id].locale_id == page.locale_id

    def shown_in(self, page: Page) -> set[str]:
        """Return the languages in whose lists the page stands: its own, and those no live translation speaks."""
        own = page.locale.language_code
        twins = [twin for twin in self.twins[page.translation_key] if not self.is_mirror(twin)]
        live = [twin for twin in twins if not self.withdrawn(twin)]
        first = min(live, key=lambda twin: (twin.locale.language_code != "fr", twin.path), default=None)
        spoken = {twin.locale.language_code for twin in live}
        return {own} | ({code for code in LANGUAGES if code not in spoken} if first and page.pk == first.pk else set())
