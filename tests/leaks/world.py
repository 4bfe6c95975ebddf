"""A university made by chance: a tree with every kind of restriction, and readers of every kind.

Each page has a secret word that stands in its title, summary, body and slug and nowhere else, so that whatever shows
the word tells of the page.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client, TestCase
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from audience.models import Access, Audience, Kind
from content.models import PortalDocument, PortalSettings, StandardPage
from events.campuses import Campus
from events.models import AgendaPage, EventPage
from guidance.models import GuidanceIndexPage, GuidancePage
from guidance.needs import Need
from home.models import DoorPage, HomePage
from news.models import AnnouncementPage, NewsCategory, NewsIndexPage, NewsPage
from sections.models import SectionPage, SectionsIndexPage
from services.models import CataloguePage, ServicePage
from services.retirement import retire
from tests.dates import dates_block
from tests.editing import fresh, open_language
from tests.factories import AlertFactory, AudienceFactory, NewsCategoryFactory, ReaderFactory, know
from tests.leaks.rule import Rule, Who

WORD = re.compile(r"xk\d{4}qv")
COMMON = "commun"
LISTS: dict[type[Page], type[Page]] = {
    NewsIndexPage: NewsPage,
    AgendaPage: EventPage,
    GuidanceIndexPage: GuidancePage,
    CataloguePage: ServicePage,
}
PASSED = PageViewRestriction.passed_view_restrictions_session_key
OPENED = CollectionViewRestriction.passed_view_restrictions_session_key


def words(text: str | bytes) -> set[str]:
    """Return the secret words in `text`."""
    return set(WORD.findall(text.decode(errors="replace") if isinstance(text, bytes) else text))


# A sample by default, the whole in `make test-long`.
PAGES, READERS = (300, 30) if os.environ.get("PARVIS_WHOLE") == "1" else (60, 8)


@dataclass
class Seeker:
    """A reader with their browser, and the same reader said plainly."""

    name: str
    browser: Client
    who: Who
    edits: bool = False  # may open any page at its address; lists are theirs as anyone's


@dataclass
class World:
    seed: int
    pages: int
    readers: int
    rand: random.Random = field(init=False)
    seekers: list[Seeker] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # addresses that moves and new slugs left behind
    count: int = 0

    def __post_init__(self) -> None:
        self.rand = random.Random(self.seed)

    # What it is made of

    def word(self) -> str:
        self.count += 1
        return f"xk{self.count:04d}qv"

    def body(self, word: str) -> list[dict[str, Any]]:
        return [
            {"type": "text", "value": f"<p>Corps {word} {COMMON}.</p>"},
            {"type": "heading", "value": {"text": word}},
            *([self.dates(word)] if self.chance(0.4) else []),
        ]

    def dates(self, word: str) -> dict[str, Any]:
        """Return one to three key dates near today, with an hour or without, stored in one way or the other."""
        today, hours = timezone.localdate(), ([], ["17:00:00"])
        items = [
            (f"Échéance {number} {word}", today + timedelta(days=self.rand.randint(-40, 40)), *self.rand.choice(hours))
            for number in range(self.rand.randint(1, 3))
        ]
        return dates_block(*items, bare=self.chance(0.5))

    def add(self, model: type[Page], parent: Page, **more: Any) -> Any:
        """Add a live page of `model` with a word of its own, reserved or not as chance has it."""
        word, now = self.word(), timezone.now()
        said: dict[str, Any] = {
            "title": f"Titre {word} {COMMON}", "slug": word, "summary": f"Résumé {word}", "body": self.body(word),
            "contact": f"Contact {more.get('slug', word)}", "show_in_menus": self.chance(0.4),
            "live": True, "first_published_at": now, "last_published_at": now,
        }  # fmt: skip
        if model is AnnouncementPage:
            said["text"] = f"Texte {more.get('slug', word)}"
        if model is NewsPage:
            said["category"] = self.rand.choice([None, *self.categories])
            said["published_on"] = timezone.localdate() - timedelta(days=self.rand.choice([0, 1, 9, 400, 900]))
        if model is EventPage:
            said["starts_at"] = now + timedelta(days=self.rand.randint(-3, 9))
            said["kind"] = self.rand.choice(["event", "deadline"])
            said["campus"] = self.rand.choice([*self.campuses, None])
        if model is GuidancePage:
            said["need"] = self.rand.choice([*self.needs, None])
            said["season_from"] = said["season_to"] = self.rand.choice([timezone.localdate().month, None])
        audiences = more.pop("audiences", [])
        page = model(**{**said, **more})
        page.audiences = audiences
        parent = Page.objects.get(pk=parent.pk)
        parent.add_child(instance=page)
        return page

    def translated(self, page: Page, parent: Page, **more: Any) -> Any:
        """Add what says in the language of `parent` what `page` says, with a word of its own."""
        return self.add(type(page), parent, locale=parent.locale, translation_key=page.translation_key, **more)

    def chance(self, of_one: float) -> bool:
        return self.rand.random() < of_one

    def tags(self) -> list[Audience]:
        """Return one to three audiences, of one kind or of several."""
        return self.rand.sample(self.audiences, self.rand.choice([1, 1, 2, 3]))

    # How it is made

    def build(self) -> World:
        self.french = HomePage.objects.get(locale__language_code="fr")
        self.english = HomePage.objects.get(locale__language_code="en")
        self.spanish = open_language("es")
        self._audiences()
        self.groups = [Group.objects.create(name=name) for name in ("Élus", "Bureau")]
        self.categories: list[NewsCategory] = [NewsCategoryFactory() for _number in range(3)]
        self.campuses = [Campus.objects.create(name=name) for name in ("Nord", "Centre")]
        self.needs = [Need.objects.create(name=name) for name in ("Je m’inscris", "Je pars")]
        self._tree()
        self._restrict()
        self._schedule()
        self._translate()
        self._mirror()
        self._move()
        self._documents()
        self._retire()
        self._doors()
        self._hub()
        self._alerts()
        chosen = self.rand.sample(list(Page.objects.filter(depth__gt=2)), 12)
        raw = [{"type": "link", "value": {"page": page.pk, "url": "", "label": ""}} for page in chosen]
        stream: Any = PortalSettings._meta.get_field("quick_links")
        quick = stream.stream_block.to_python(raw)
        PortalSettings.objects.update_or_create(
            defaults={"contact_email": "portail@valmont.example", "quick_links": quick}
        )
        self._readers()
        return self

    def _audiences(self) -> None:
        def tag(slug: str, kind: str, broader: Audience | None = None) -> Audience:
            return AudienceFactory(slug=slug, name=slug, kind=kind, broader=broader)

        students, staff = tag("etudiants", Kind.STATUS), tag("personnels", Kind.STATUS)
        licence = tag("licence", Kind.LEVEL, students)
        levels = [tag(f"l{number}", Kind.LEVEL, licence) for number in (1, 2, 3)]
        programmes = [tag(slug, Kind.PROGRAMME) for slug in ("histoire", "droit", "miage")]
        units = [tag(slug, Kind.UNIT) for slug in ("lettres", "sciences")]
        self.audiences = [students, staff, licence, *levels, *programmes, *units]
        self.closed = {one.pk: self._above(one) for one in self.audiences}

    def _above(self, audience: Audience | None) -> frozenset[int]:
        found = set()
        while audience is not None:
            found.add(audience.pk)
            audience = audience.broader
        return frozenset(found)

    def _tree(self) -> None:
        home = self.french
        self.made: list[Any] = [self.add(model, home) for model in LISTS]
        sections = self.add(SectionsIndexPage, home)
        self.made += [sections, *(self.add(SectionPage, sections) for _ in range(max(2, self.pages // 40)))]
        # English lists are lists of their own, Spanish ones translate the French, one of the sections too.
        self.english_lists = {model: self.add(model, self.english, locale=self.english.locale) for model in LISTS}
        self.spanish_lists = {type(page): self.translated(page, self.spanish) for page in self.made[:4]}
        self.translated(self.made[5], self.translated(sections, self.spanish))
        while self.count < self.pages * 0.8:
            parent = self.rand.choice([home, *self.made])
            if isinstance(parent, NewsIndexPage) and self.chance(0.3):
                self.made.append(self.add(AnnouncementPage, parent))
            elif type(parent) in LISTS:
                self.made.append(self.add(LISTS[type(parent)], parent))
            elif isinstance(parent, SectionPage):
                self.made.append(self.add(self.rand.choice([*LISTS, StandardPage]), parent))
            elif isinstance(parent, (HomePage, StandardPage)):
                self.made.append(self.add(StandardPage, parent))

    def _restrict(self) -> None:
        for kind, page in zip(("login", "groups", "password"), self.made[-9::3], strict=True):
            self.restrict(page, kind)
        for page in map(fresh, self.made):
            lot = self.rand.random() * (2.5 if page.depth == 3 else 1)
            if lot < 0.3:
                page.access, page.audiences = Access.RESERVED, self.tags()
                page.save()
            elif lot < 0.33:
                page.access, page.audiences = Access.RESERVED, []
                page.save()
            elif lot < 0.45:
                page.audiences = self.tags()
                page.save()
            elif lot < 0.60:
                self.restrict(page)

    def restrict(self, page: Page, kind: str = "") -> PageViewRestriction:
        """Set Wagtail's privacy on `page`."""
        kind = kind or self.rand.choice(["login", "groups", "password"])
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="sésame")
        if kind == "groups":
            restriction.groups.set(self.rand.sample(self.groups, self.rand.choice([1, 2])))
        return restriction

    def _schedule(self) -> None:
        now = timezone.now()
        parents = [page for page in map(fresh, self.made) if page.numchild and page.depth > 3]
        self.rand.choice(parents).unpublish()
        for page in self.made:
            lot = self.rand.random() * (3 if page.depth == 3 else 1)
            page = fresh(page)
            if lot < 0.05:
                page.go_live_at = now + timedelta(hours=1)
            elif lot < 0.10:
                page.expire_at = now - timedelta(hours=1)
            elif lot < 0.13:
                page.go_live_at, page.expire_at = now - timedelta(days=1), now + timedelta(hours=1)
            elif lot < 0.17:
                page.live, page.first_published_at = False, None
            elif lot < 0.22:
                page.unpublish()
                continue
            else:
                continue
            page.save()

    def _translate(self) -> None:
        """Give pages under the lists a translation with its own words: draft, published, or published and reserved."""
        for home, lists, share in ((self.english, self.english_lists, 0.5), (self.spanish, self.spanish_lists, 0.3)):
            self._translate_under(home, lists, share)

    def _translate_under(self, home: Page, lists: dict[type[Page], Page], share: float) -> None:
        for page in [page for page in self.made if page.locale_id == self.french.locale_id]:
            under = lists.get(type(page.get_parent().specific)) if page.depth == 4 else home
            if under is None or page.depth not in {3, 4} or type(page) in {*LISTS, SectionsIndexPage}:
                continue
            if isinstance(page, SectionPage) or not self.chance(share):
                continue
            source = fresh(page)
            word = self.word()
            fields: dict[str, Any] = {"locale": home.locale, "translation_key": source.translation_key, "slug": word,
                                      "title": f"Title {word}", "summary": word, "body": self.body(word)}  # fmt: skip
            lot = self.rand.random()
            if lot < 0.3:
                fields |= {"live": False, "first_published_at": None}
            if lot < 0.1 or lot > 0.8:
                fields |= {"access": Access.RESERVED, "audiences": self.tags()}
            twin = self.add(type(source), under, **fields)
            self.made.append(twin)
            if self.chance(0.1):
                self.restrict(twin)

    def _mirror(self) -> None:
        """Make aliases: beside their source and elsewhere, of single pages and of whole subtrees."""
        standard = [page for page in self.made if isinstance(page, StandardPage)]
        for source in self.rand.sample(standard, max(2, len(standard) // 8)):
            if Page.objects.get(pk=source.pk).locale_id != self.french.locale_id:
                continue
            places = [p for p in [self.french, *standard] if not p.is_descendant_of(source) and p != source]
            parent = Page.objects.get(pk=self.rand.choice(places).pk).specific
            fresh(source).create_alias(parent=parent, update_slug=self.word(), recursive=self.chance(0.3))

    def _move(self) -> None:
        standard = [page for page in self.made if isinstance(page, StandardPage)]
        for page in self.rand.sample(standard, max(2, len(standard) // 6)):
            page = Page.objects.get(pk=page.pk)
            target = Page.objects.get(pk=self.rand.choice(standard).pk)
            if target == page or target.is_descendant_of(page) or page.locale_id != target.locale_id:
                continue
            self.left.append(page.get_url_parts()[2])
            page.specific.move(target, pos=self.rand.choice(["first-child", "last-child"]))
        for page in self.rand.sample(self.made, max(3, len(self.made) // 10)):
            self.left.append(Page.objects.get(pk=page.pk).get_url_parts()[2])
            self.rename(page, self.word())

    def rename(self, page: Page, slug: str) -> None:
        renamed = fresh(page)
        renamed.slug = slug
        with TestCase.captureOnCommitCallbacks(execute=True):
            renamed.save()

    def _documents(self) -> None:
        root = Collection.get_first_root_node()
        closed = root.add_child(name="Fermée")
        inner = Collection.objects.get(pk=closed.pk).add_child(name="Dedans")
        kinds = [root, closed, inner]
        for kind in ("login", "groups", "password"):
            private = Collection.objects.get(pk=root.pk).add_child(name=kind)
            restriction = CollectionViewRestriction.objects.create(
                collection=private, restriction_type=kind, password="sésame"
            )
            if kind == "groups":
                restriction.groups.set([self.groups[0]])
            kinds.append(private)
        CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
        self.documents = []
        for number in range(max(8, self.pages // 10)):
            word = self.word()
            document = PortalDocument(title=f"Document {word} {COMMON}", collection=kinds[number % len(kinds)])
            document.access = Access.RESERVED if self.chance(0.4) else Access.RECOMMENDED
            document.file.save(f"{word}.txt", ContentFile(f"contenu {word}"), save=False)
            document.save()
            document.get_file_hash()
            if self.chance(0.8):
                document.audiences.set(self.tags())
            self.documents.append(document)

    def _retire(self) -> None:
        """Retire services: one for nothing, one for a service that is reserved, one for a service that is not."""
        lists = CataloguePage.objects.filter(locale=self.french.locale, depth=3)
        services = [self.add(ServicePage, lists[0], launch_url="") for _ in range(6)]
        services[4].access, services[4].audiences = Access.RESERVED, self.tags()
        services[4].save()
        for old, new in ((services[0], None), (services[1], services[4]), (services[2], services[5])):
            key = new.translation_key if new else None
            retire(service=old.translation_key, successor=key, message="", author=None)
        self.retired = {services[0].translation_key, services[1].translation_key, services[2].translation_key}
        self.made += services

    def _doors(self) -> None:
        """Add doors that chose all there is and concern everyone: one for all, one reserved."""
        services, guides = (
            [{"type": "page", "value": pk} for pk in model.objects.values_list("pk", flat=True)]
            for model in (ServicePage, GuidancePage)
        )
        for audiences in ([], self.audiences[:1]):
            access = Access.RESERVED if audiences else Access.RECOMMENDED
            more = {"audiences": audiences, "access": access, "show_in_menus": False}
            door = self.add(DoorPage, self.french, services=json.dumps(services), guides=json.dumps(guides), **more)
            door.concerned = self.audiences
            door.save()
            self.made.append(door)

    def _alerts(self) -> None:
        """Say alerts of each level, for everyone, recommended or reserved; of now, to come or over; here or there."""
        now = timezone.now()
        pages = [page for page in map(fresh, self.made) if page.locale_id == self.french.locale_id]
        to_come, over = {"starts_at": now + timedelta(hours=1)}, {"ends_at": now - timedelta(minutes=1)}
        cases: list[tuple[str, str, dict[str, Any]]] = [
            (level, access, {})
            for level in ("info", "warning", "emergency")
            for access in ("", Access.RECOMMENDED, Access.RESERVED, Access.RESERVED)
        ]
        cases += [("warning", Access.RESERVED, to_come), ("emergency", "", to_come), ("emergency", "", over)]
        cases += [("warning", access, {"below": [self.rand.choice(pages)]}) for access in ("", Access.RESERVED)]
        for level, access, more in cases:
            word = self.word()
            english = {"title_en": f"Alert {word}", "text_en": f"Text {word}."} if self.chance(0.5) else {}
            AlertFactory(
                level=level, title=f"Alerte {word} {COMMON}", text=f"Texte {word}.", link=self.rand.choice(pages),
                access=access or Access.RECOMMENDED, audiences=self.tags() if access else [],
                **{"starts_at": now - timedelta(hours=2), "ends_at": now + timedelta(days=1), **english, **more},
            )  # fmt: skip

    def _hub(self) -> None:
        """Add a page everyone may read that links to every other, in text and in blocks."""
        ids = list(Page.objects.filter(depth__gt=1).values_list("pk", flat=True))
        files = [document.pk for document in self.documents]
        text = "".join(f'<p><a linktype="page" id="{pk}">un lien</a></p>' for pk in ids)
        text += "".join(f'<p><a linktype="document" id="{pk}">un fichier</a></p>' for pk in files)
        prose = [
            {"type": "text", "value": text},
            {"type": "callout", "value": {"tone": "info", "title": "Voir", "text": text}},
            {"type": "accordion", "value": {"items": [{"title": "Où ?", "text": text}]}},
        ]
        blocks = [{"type": "pages", "value": ids}, {"type": "documents", "value": files}]
        self.hub = self.add(StandardPage, self.french, body=prose)
        blocks.append({"type": "steps", "value": {"items": [{"title": "Lire", "text": "", "page": pk} for pk in ids]}})
        services = ServicePage.objects.values_list("pk", flat=True)
        blocks += [{"type": "service", "value": pk} for pk in services]
        cells = {"columns": [{"type": "prose", "heading": "Où"}], "rows": [{"values": [text]}]}
        blocks.append({"type": "table", "value": {"caption": "Liens", "table": cells}})
        self.board = self.add(StandardPage, self.french, body=blocks)

    # Who reads it

    def _readers(self) -> None:
        by_slug = {audience.slug: audience for audience in self.audiences}
        passwords = list(PageViewRestriction.objects.filter(restriction_type="password").values_list("pk", flat=True))
        closed = list(
            CollectionViewRestriction.objects.filter(restriction_type="password").values_list("pk", flat=True)
        )

        def named(*slugs: str) -> list[Audience]:
            return [by_slug[slug] for slug in slugs]

        self.reader("anonymous")
        self.reader("two enrolments", [named("l1", "histoire", "lettres"), named("l2", "droit")])
        self.reader(
            "staff and student", [named("personnels", "sciences"), named("l3", "miage")], groups=self.groups[:1]
        )
        self.reader("staff", [named("personnels", "lettres")], passed=passwords)
        self.reader("of nothing", [[]])
        self.reader("anonymous with passwords", passed=passwords, opened=closed)
        self.reader("of all", [self.audiences], groups=self.groups, passed=passwords, opened=closed)
        self.reader("superuser", [[]], is_superuser=True)
        while len(self.seekers) < self.readers:
            positions = [
                self.rand.sample(self.audiences, self.rand.randint(0, 4)) for _ in range(self.rand.randint(1, 3))
            ]
            groups = self.rand.sample(self.groups, self.rand.randint(0, 2))
            passed = self.rand.sample(passwords, self.rand.randint(0, len(passwords)))
            self.reader(f"number {len(self.seekers)}", positions, groups=groups, passed=passed, opened=closed[:1])
        self.seekers = self.seekers[: self.readers]

    def reader(
        self,
        name: str,
        positions: list[list[Audience]] | None = None,
        *,
        groups: Iterable[Group] = (),
        passed: Iterable[int] = (),
        opened: Iterable[int] = (),
        **user: Any,
    ) -> Seeker:
        browser = Client()
        if positions is not None:
            account = ReaderFactory(**user)
            account.groups.set(groups)
            know(account, *positions)
            browser.force_login(account, backend="accounts.oidc.OIDCBackend")
        if passed or opened:
            session = browser.session
            session[PASSED], session[OPENED] = list(passed), list(opened)
            session.save()
        held = tuple(frozenset().union(*(self.closed[one.pk] for one in position)) for position in positions or [[]])
        who = Who(
            positions=held,
            signed_in=positions is not None,
            groups=frozenset(group.pk for group in groups),
            passed=frozenset(passed),
            opened=frozenset(opened),
        )
        self.seekers.append(Seeker(name, browser, who, edits=bool(user.get("is_superuser"))))
        return self.seekers[-1]

    # What it allows

    def told(self, rule: Rule, seeker: Seeker) -> set[str]:
        """Return the words that the rule lets this reader see: those of visible pages and documents, slugs included."""
        now, found = timezone.now(), set()
        for page in rule.visible(seeker.who, now):
            found |= self.said(page) | {slug for one in rule.line(page) for slug in words(one.slug)}
        for document in rule.documents.values():
            if rule.sees_document(seeker.who, document):
                found |= words(document.title) | words(document.filename)
        for alert in rule.alerts.values():
            if rule.sees_alert(seeker.who, alert, now):
                found |= words(alert.title)
        return found

    def said(self, page: Page) -> set[str]:
        """Return the words in the page's own fields."""
        specific: Any = self._specific(page)
        return words(f"{specific.title} {specific.slug} {specific.summary} {list(specific.body.raw_data)}")

    def _specific(self, page: Page) -> Page:
        if not hasattr(self, "_cache"):
            self._cache: dict[int, Page] = {}
        if page.pk not in self._cache:
            self._cache[page.pk] = page.specific
        return self._cache[page.pk]


Build = Callable[..., World]
