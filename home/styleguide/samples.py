"""What the style guide shows in place of what is published: made in code, never written, and nothing of the library."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from content.entry import Kind
from directory.models import Unit
from events.months import Month, days_of
from search.models import Entry, StateLevel

HERE = "#sample"  # where the samples lead


def day(days: int, hour: int = 9) -> datetime:
    """Return nine o'clock, or another hour, in so many days."""
    return timezone.localtime().replace(hour=hour, minute=30, second=0, microsecond=0) + timedelta(days=days)


def entry(kind: Kind, title: str, **said: Any) -> Entry:
    """Return an entry that stands for something published; it is in no database."""
    unit, recommended = said.pop("unit", ""), said.pop("recommended", False)
    made = Entry(pk=0, kind=kind, title=title, language=get_language() or "fr", **{"url": HERE, **said})
    if unit:
        made.unit = Unit(name=unit, code="SAMPLE")
    made.is_recommended = recommended
    return made


def news(**said: Any) -> Entry:
    given = {
        "summary": _("Two reading rooms stay open from 10 a.m. to 6 p.m., and places are booked online."),
        "unit": _("University library"),
        "published_at": day(0),
    }
    return entry(Kind.NEWS, _("The library opens on Sundays"), **{**given, **said})


def pictured(**said: Any) -> Entry:
    return news(image=static("img/front.svg"), **said)


def announcement(**said: Any) -> Entry:
    given = {"summary": _("Same time, same teacher. Room B204 is closed until Friday."), "published_at": day(0)}
    return entry(Kind.ANNOUNCEMENT, _("Analysis: Tuesday’s class moves to room D107"), **{**given, **said})


def event(**said: Any) -> Entry:
    given = {
        "summary": _("Meet those who work with what you study."),
        "starts_at": day(3, 14),
        "ends_at": day(3, 17),
        "extra": {"place": _("Great hall")},
        "unit": _("Careers office"),
    }
    return entry(Kind.EVENT, _("Careers day"), **{**given, **said})


def deadline(**said: Any) -> Entry:
    given = {"extra": {"event_kind": "deadline", "all_day": True}, "starts_at": day(6, 0), "ends_at": day(6, 0)}
    return entry(Kind.EVENT, _("Choose your options"), **{**given, **said})


def guide(**said: Any) -> Entry:
    given = {
        "summary": _("What to prepare, in which order, and whom to ask."),
        "unit": _("Registrar’s office"),
        "extra": {"steps": 3},
    }
    return entry(Kind.GUIDANCE, _("Enrol at the university"), **{**given, **said})


def service(*, state: str = "", **said: Any) -> Entry:
    extra: dict[str, Any] = {"icon": "wifi", "launch_url": HERE, **said.pop("extra", {})}
    if state:
        message, since, until = _("Pages may take long to answer."), day(0, 8).isoformat(), day(1).isoformat()
        extra["state"] = {"level": state, "message": message, "since": since, "until": until}
    given = {"summary": _("Connect everywhere."), "url": f"{HERE}-page"}
    return entry(said.pop("kind", Kind.SERVICE), _("Wi-Fi on campus"), **{**given, **said}, extra=extra)


def services() -> dict[str, Entry]:
    """Return a service in each of its states, by what is to be said of it."""
    opens, closed = day(20).date().isoformat(), day(-20).date().isoformat()
    return {
        _("As it is"): service(),
        **{str(StateLevel(level).label): service(state=level) for level in StateLevel.values},
        _("Closed until a day"): service(extra={"opens_on": opens}),
        _("Closed since a day"): service(extra={"closes_on": closed}),
        _("Reserved"): service(is_reserved=True),
        _("In a place"): service(extra={"launch_url": "", "place": _("Great hall")}),
    }


def document(**said: Any) -> Entry:
    given = {"extra": {"extension": "pdf", "size": 184_320}, "published_at": day(-40)}
    return entry(Kind.DOCUMENT, _("Study regulations"), **{**given, **said})


def section(**said: Any) -> Entry:
    return entry(Kind.SECTION, _("Faculty of sciences"), **{"extra": {"colour": "amarante"}, **said})


def branch(found: Entry, *below: Entry) -> SimpleNamespace:
    """Return a branch of the plan of the portal."""
    return SimpleNamespace(entry=found, below=[branch(one) for one in below])


def links(*names: str) -> list[dict[str, Any]]:
    """Return links of a row, the second of them current."""
    said = {"language": "", "count": 4, "current": False, "url": HERE}
    return [{**said, "title": name, "label": name, "current": at == 1} for at, name in enumerate(names)]


def month() -> dict[str, Any]:
    """Return this month as an agenda shows it."""
    today = timezone.localdate()
    this = Month.of(today)
    held = [event(starts_at=day(0, 14), ends_at=day(1, 17)), deadline(starts_at=day(0, 0), ends_at=day(0, 0))]
    return {
        "month": this,
        "weekdays": list(WEEKDAYS_ABBR.values()),
        "days": days_of(this, held, today=today),
        "held": True,
        "too_many": True,
        "preceding": {"first": this.preceding.first, "url": HERE},
        "following": {"first": this.following.first, "url": HERE},
        "month_url": HERE,
        "is_present": True,
    }


class SampleForm(forms.Form):
    """A field of each sort, right and wrong."""

    required_css_class = "required"

    def __init__(self, *, wrong: bool = False) -> None:
        super().__init__({"wrong-mail": "ines"} if wrong else None, prefix="wrong" if wrong else "sample")
        kinds = [("one", _("News")), ("two", _("Guidance"))]
        self.fields = {
            "name": forms.CharField(label=_("Name"), help_text=_("As it is to be read.")),
            "mail": forms.EmailField(label=_("E-mail")),
        }
        if not wrong:
            self.fields |= {
                "text": forms.CharField(label=_("Text"), widget=forms.Textarea({"rows": 3}), required=False),
                "until": forms.DateField(label=_("Date"), widget=forms.DateInput({"type": "date"})),
                "kind": forms.ChoiceField(label=_("Type"), choices=kinds, initial="one"),
                "one": forms.ChoiceField(label=_("Kind"), choices=kinds, widget=forms.RadioSelect, initial="one"),
                "many": forms.MultipleChoiceField(
                    label=_("Readers"), choices=kinds, widget=forms.CheckboxSelectMultiple, required=False
                ),
                "shut": forms.CharField(label=_("Not to be changed"), disabled=True, initial=_("Sciences")),
            }
