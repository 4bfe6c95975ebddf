"""Which states of which template the style guide shows. A test fails while a component or a style is not shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.translation import gettext as _

from content.blocks import BodyBlock
from content.entry import Kind
from guidance.answers import LONGEST_WORDS, Reason
from home.alerts import AlertsHere, ShownAlert
from home.styleguide import samples
from home.styleguide.samples import HERE, SampleForm, day, links
from news.openings import FEW, Figures
from search.chrome import LanguageLink, MenuItem
from search.letters import Letter
from search.models import StateLevel


@dataclass(frozen=True)
class Specimen:
    """One template in its states: what each shows, and what the template is given. `around` is the class around it."""

    template: str
    states: dict[str, dict[str, Any]]
    around: str = ""
    tag: str = "div"  # of what is around it
    wide: bool = False  # each state takes the whole width

    @property
    def name(self) -> str:
        return self.template.removeprefix("components/").removesuffix(".html")


@dataclass(frozen=True)
class Group:
    title: str
    specimens: list[Specimen]


# These show one thing a line.
WIDE = {"alerts", "emergencies", "next_slab", "event_row", "search_result", "page_head", "home/styleguide/block.html"}


def _of(
    name: str, states: dict[str, dict[str, Any]] | None = None, /, *, around: str = "", tag: str = "div", **given: Any
) -> Specimen:
    """Return a component in its states, each given what it says and what all are given."""
    said = {says: {**given, **more} for says, more in (states or {"": {}}).items()}
    template = name if "/" in name else f"components/{name}.html"
    return Specimen(template, said, around, tag, wide=name in WIDE or len(said) == 1 or given.get("variant") == "lead")


def _entries(named: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {says: {"entry": one} for says, one in named.items()}


def groups() -> list[Group]:
    """Return all there is to show."""
    return [
        Group(_("Cards"), _cards()),
        Group(_("Marks and dates"), _marks()),
        Group(_("Alerts and messages"), _messages()),
        Group(_("Around a page"), _around()),
        Group(_("Lists and choices"), _lists()),
        Group(_("Contacts and places"), _contacts()),
        Group(_("Forms"), _forms()),
        Group(_("Agenda"), _agenda()),
        Group(_("Heads of pages"), _heads()),
        Group(_("Blocks of a page"), _blocks()),
    ]


def _cards() -> list[Specimen]:
    news, plain = samples.pictured(), samples.news()
    fresh = samples.news(recommended=True)
    reserved = samples.news(is_reserved=True)
    return [
        _of("entry_card", {_("With a picture"): {}, _("Its kind named"): {"kind": True}}, entry=news, around="cards"),
        _of("entry_card", {_("Recommended"): {"entry": fresh}, _("Reserved"): {"entry": reserved}}, around="cards"),
        _of("entry_card", {_("The first of a list"): {}}, entry=news, variant="lead"),
        _of("entry_card", {_("In a row"): {"variant": "row"}, _("Plain"): {"variant": "plain"}}, entry=news),
        _of("entry_card", {_("Compact"): {"variant": "compact"}}, entry=plain),
        _of(
            "announcement_card",
            _entries(
                {
                    _("As it is"): samples.announcement(),
                    _("Recommended"): samples.announcement(recommended=True, unit=_("Faculty of sciences")),
                    _("Reserved"): samples.announcement(is_reserved=True),
                }
            ),
            around="announcement-list__cards",
        ),
        _of("announcement_list", entries=[samples.announcement()] * 3, url=HERE, brief=True),
        _of("service_card", _entries(samples.services()), around="service-grid"),
        _of("service_tile", _entries(samples.services()), around="service-tiles"),
        _of(
            "guide_card",
            _entries({_("As it is"): samples.guide(), _("Reserved"): samples.guide(is_reserved=True)}),
            around="guide-list guide-list--columns guide-list--brief",
        ),
        _of(
            "event_row",
            {
                _("As it is"): {"entry": samples.event()},
                _("With its summary"): {"entry": samples.event(), "summary": True},
                _("Reserved"): {"entry": samples.event(is_reserved=True)},
                _("The day said beside it"): {"entry": samples.event(), "dateless": True},
            },
        ),
        _of(
            "document_card",
            _entries({_("As it is"): samples.document(), _("Reserved"): samples.document(is_reserved=True)}),
            around="document-list",
        ),
        _of("search_result", {str(one.get_kind_display()): {"entry": one} for one in _found()}, around="result-list"),
        _of("search_result", {_("Chosen for this search"): {"entry": samples.guide()}}, promoted=True),
        _of("related", entries=[plain, reserved]),
        *_kept(),
    ]


def _kept() -> list[Specimen]:
    """Return favourites, doors and a letter of the list from A to Z."""
    one, other = samples.service(translation_key=UUID(int=1)), samples.guide(translation_key=UUID(int=2))
    ends = {_("As it is"): {"entry": one, "first": True}, _("In a row"): {"entry": other, "last": True}}
    return [
        _of("star", {_("As it is"): {}, _("Large"): {"wide": True}}, entry=one),
        _of("service_tile", _entries(samples.services()), around="service-tiles service-tiles--row"),
        _of("favourite_item", ends, icon="signpost", around="favourites", tag="ol"),
        _of("keep_these", services=[one, one], not_now=1),
        _of("doors", entries=[samples.guide(), samples.section(), samples.service()]),
        _of("letter", letter=Letter("E", [samples.guide(), samples.guide(is_reserved=True)])),
    ]


def _found() -> list[Any]:
    """Return a result of each kind that has one of its own."""
    return [
        samples.news(summary=""),
        samples.announcement(),
        samples.event(),
        samples.guide(),
        samples.service(state=StateLevel.DOWN),
        samples.document(),
        samples.section(summary=_("What to prepare, in which order, and whom to ask.")),
        samples.service(kind=Kind.RETIRED, extra={"retired": {"since": day(-30).isoformat()}}),
    ]


def _marks() -> list[Specimen]:
    tags = [{"name": _("Students"), "language": "", "mine": True}, {"name": _("Year 1"), "language": "", "mine": False}]
    all_day = {"starts": day(2, 0), "ends": day(4, 0), "all_day": True}
    kinds = [Kind.NEWS, Kind.ANNOUNCEMENT, Kind.EVENT, Kind.GUIDANCE, Kind.SERVICE, Kind.SECTION, Kind.ALERT, Kind.PAGE]
    partial = SimpleNamespace(value="partial", label=_("partially compliant"))
    states = [SimpleNamespace(level=level.value, get_level_display=level.label) for level in StateLevel]
    return [
        _of("kind_label", {str(kind.label): {"kind": kind.value, "label": kind.label} for kind in kinds}),
        _of(
            "audience_tags",
            {
                _("Recommended"): {"tags": tags, "why": HERE},
                _("Reserved"): {"tags": [{**tag, "mine": False} for tag in tags], "reserved": True},
            },
        ),
        _of("reserved_mark"),
        _of("state_badge", {str(state.get_level_display): {"state": state} for state in states}),
        _of(
            "opening_badge",
            {_("Closed until a day"): {"opens_on": day(20)}, _("Closed since a day"): {"closed_since": day(-20)}},
        ),
        _of("day", {_("This year"): {"at": day(0)}, _("Another year"): {"at": day(400), "weekday": True}}),
        _of(
            "when",
            {
                _("With hours"): {"starts": day(1), "ends": day(1, 17)},
                _("Several days"): all_day,
                _("The day said beside it"): {"starts": day(1), "ends": None, "day": False},
            },
        ),
        _of("date_block", at=day(3)),
        _of("page_facts", unit=_("Registrar’s office"), updated=day(-2), review_on=day(90), checked_on=day(-1)),
        _of("announcement_figures", {
            _("Opened by few"): {"figures": Figures(4, None)}, _("As it is"): {"figures": Figures(120, 86)},
            _("Discreet"): {"figures": Figures(120, None, discreet=True)},
            _("For a sensitive audience"): {"figures": Figures(None, None)},
        }, few=FEW),
        _of("accessibility_mention", conformity=partial, url=HERE),
    ]  # fmt: skip


def _alert(level: str = "warning", number: int = 1) -> ShownAlert:
    return ShownAlert(
        number=number,
        key=number,
        level=level,
        title=_("Works at the main entrance"),
        text=_("Come in through the garden until Friday."),
        language="",
        url=HERE,
        label=_("Access plan"),
    )


def _messages() -> list[Specimen]:
    said = {"title": _("Works at the main entrance"), "text": _("Come in through the garden until Friday.")}
    tones = {_("Information"): "info", _("Done"): "ok", _("Warning"): "warn", _("Failure"): "bad"}
    words = format_html("<p>{}</p>", _("Come in through the garden until Friday."))
    callouts = {
        _("Information"): "info", _("Done"): "success", _("Warning"): "warning", _("Deadline"): "deadline",
        _("Failure"): "error",
    }  # fmt: skip
    outage = {"entry": samples.service(state=StateLevel.DOWN), "key": 1}
    figures = Figures(120, 86)
    own = SimpleNamespace(pk=0, live=True)
    return [
        _of("alert_banner", {says: {"tone": tone, **said} for says, tone in tones.items()}),
        _of("alerts", here=AlertsHere([], [_alert(), _alert("info", 2)], more=True)),
        _of("alert_words", alert=_alert()),
        _of("alert_link", alert=_alert()),
        _of("emergencies", emergencies=[_alert("emergency", 3)]),
        _of("home/_outages.html", outages=[outage]),
        _of("callout", {says: {"tone": tone, "title": says, "html": words} for says, tone in callouts.items()}),
        _of(
            "empty_state", title=_("Nothing here yet"), text=_("What is published stands here."),
            url=HERE, label=_("See all"),
        ),
        _of("next_slab", {_("Event"): {"entry": samples.event()}, _("Deadline"): {"entry": samples.deadline()}}),
        _of("personal/notices.html", see_as={"label": _("Students"), "at": day(5)}),
        _of("personal/sign_in_return.html", reader=SimpleNamespace(signed_in=False)),
        _of("personal/announcement.html", announcement=own, figures=figures, few=FEW, may_withdraw=True),
        _of("discreet_note"),
        _of("home/styleguide/new_mark.html"),
        _of("home/styleguide/emergency_sample.html"),
        _of("home/styleguide/offline_note.html"),
    ]  # fmt: skip


def _around() -> list[Specimen]:
    languages = [
        LanguageLink("fr", "Français", HERE, True, True),
        LanguageLink("en", "English", HERE, False, True),
        LanguageLink("es", "Español", HERE, False, False),
    ]
    menu = links(_("Faculty of sciences"), _("News"), _("Guidance"))
    section = [MenuItem(str(one["title"]), HERE, "page" if one["current"] else "") for one in menu]
    orders = [
        {"number": number, "label": label, "label_language": ""}
        for number, label in enumerate((_("Students"), _("Staff")))
    ]
    pages = SimpleNamespace(number=2, has_previous=True, has_next=True, previous_page_number=1, next_page_number=3)
    tree = samples.branch(samples.section(), samples.guide(), samples.news(is_reserved=True))
    headings = [
        {"text": _("Before you enrol"), "anchor": "sample"},
        {"text": _("Fees of the year"), "anchor": "sample"},
    ]
    return [
        _of("brand", url=HERE, names={"name": "Parvis", "institution": "Université de Valmont"}),
        _of("breadcrumbs", entries=[samples.section(), samples.guide()], title=_("Fees of the year")),
        _of("section_menu", entries=section, label=_("Faculty of sciences"), colour="amarante"),
        _of("section_frieze", colour="amarante"),
        _of("quick_menu", links=menu),
        _of("order_choice", orders=[{"number": at, **link} for at, link in enumerate(menu)], next=HERE, see_as=True),
        _of("language_menu", languages=languages),
        _of("language_row", languages=languages, around="styleguide__foot"),
        _of("quick_menu", links=menu),
        _of("order_choice", orders=orders),
        _of("list_link", menu=[{"kind": "agenda", "url": HERE}], kind="agenda", label=_("See all")),
        _of("pagination", page=pages),
        _of("toc", {_("On a desk"): {}, _("On a phone"): {"fold": True}}, headings=headings),
        _of("search_box", {_("In the header"): {"id": "small"}, _("Large"): {"id": "large", "large": True}}, url=HERE),
        _of("search/_branch.html", branch=tree, top=True, around="plan", tag="ul"),
    ]  # fmt: skip


def _facets() -> list[Any]:
    """Return what narrows a search, one value of it chosen."""
    values = [
        SimpleNamespace(label=_("Faculty of law"), count=12, url=HERE, current=True),
        SimpleNamespace(label=_("Libraries"), count=3, url=HERE, current=False),
    ]
    return [SimpleNamespace(name="unit", label=_("Unit"), values=values)]


def _lists() -> list[Specimen]:
    row = links(_("News"), _("Guidance"), _("Services"))
    change = {
        "day": day(-3),
        "title": _("Works at the main entrance"),
        "text": _("Come in through the garden until Friday."),
    }
    return [
        _of("category_chips", categories=row),
        _of("choices", choices=row, label=_("Kind")),
        _of("facets", {_("Open"): {"open": True}}, facets=_facets(), orders=row, wider_url=HERE),
        _of("show_all", what=_("of the news")),
        _of("year_links", years=row, all=HERE),
        _of("deadline_list", entries=[samples.deadline(), samples.event()]),
        _of("content/blocks/changes.html", changes=[change, change]),
        _of("all_services", menu=[MenuItem("", HERE, "", Kind.CATALOGUE)], around="service-tiles"),
        _of("home/styleguide/lists.html", row=row, news=[samples.pictured(), samples.news(), samples.news()]),
    ]


def _contacts() -> list[Specimen]:
    line = _("Building A, ground floor\n9 a.m. to 5 p.m.\nregistrar@valmont.example")
    desk = {
        "desk_name": _("Welcome desk"), "desk_place": _("Great hall"), "desk_hours": _("9 a.m. to 5 p.m."),
        "desk_phone": "03 00 00 18 10", "desk_email": "accueil@valmont.example",
    }  # fmt: skip
    plain = SimpleNamespace(contact=line, unit=SimpleNamespace(name=_("Registrar’s office")))
    calendar = {"url": f"{HERE}.ics", "host": "portail.valmont.example", "origin": "https://portail.valmont.example"}
    return [
        _of("contact_card", name=_("Registrar’s office"), text=line),
        _of("welcome_desk", {_("With a desk"): {"section": desk}, _("With a contact"): {"section": plain}}),
        _of("subscribe", **calendar),
    ]


def _forms() -> list[Specimen]:
    right, wrong = SampleForm(), SampleForm(wrong=True)
    useful = {"asked": True, "action": HERE, "reasons": Reason.choices, "longest": LONGEST_WORDS}
    return [
        _of("field", {str(field.label): {"field": field} for field in right}),
        _of("field", {_("Wrong"): {"field": wrong["mail"]}, _("Missing"): {"field": wrong["name"]}}),
        _of("home/styleguide/buttons.html", kinds=[_("Students"), _("Staff")]),
        _of("personal/useful.html", {_("Asked"): useful, _("Answered"): {"asked": True, "thanked": True}}),
    ]


def _agenda() -> list[Specimen]:
    row = links(_("Event"), _("Deadline"))
    return [
        _of("events/_agenda_tools.html", kinds=row, campuses=row, list_url=HERE, month_url=HERE, past_url=HERE),
        _of("home/styleguide/agenda.html", event=samples.event(), **samples.month()),
    ]  # fmt: skip


def _heads() -> list[Specimen]:
    page = SimpleNamespace(title=_("News"), summary=_("What is new at the university."), url=f"{HERE}/")
    feeds = {_("As it is"): {}, _("With a feed"): {"feed": "rss"}, _("With a calendar"): {"feed": "ics"}}
    front: dict[str, Any] = {"often": [samples.guide(), samples.service()], "reader": SimpleNamespace(signed_in=False)}
    return [
        _of("page_head", feeds, page=page),
        _of("home/_anonymous.html", page=SimpleNamespace(summary="", body=""), **front),
        _of(
            "personal/greeting.html",
            today=day(0).date(),
            profile={"tags": [{"label": _("Students"), "label_language": ""}]},
        ),
        _of("home/styleguide/heads.html", section=samples.section(), news=samples.news(), event=samples.event()),
    ]


@dataclass(frozen=True)
class BlockSpecimen:
    """A block of a page, with what its preview shows."""

    name: str
    block: Any
    value: Any

    @property
    def label(self) -> str:
        return str(self.block.label)

    def render(self, around: dict[str, Any]) -> str:
        return str(self.block.render(self.value, context=self.block.get_preview_context(self.value, around)))


def blocks() -> Iterable[BlockSpecimen]:
    """Return each block that a page may hold, as it is before it is added."""
    for name, block in BodyBlock().child_blocks.items():
        yield BlockSpecimen(name, block, block.get_preview_value())


def _blocks() -> list[Specimen]:
    return [_of("home/styleguide/block.html", {one.label: {"one": one} for one in blocks()}, around="prose")]
