"""The catalogue read from a table: one row is one service in one language, told apart by its code."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_date
from wagtail.models import Locale, Page

from audience.models import Access, Audience
from content.icons import ICON_CHOICES
from services.models import CataloguePage, Level, ServiceFamily, ServicePage, ServiceState
from services.states import set_state

COLUMNS = (
    "code", "title", "summary", "family", "url", "place", "audiences", "access", "unit", "language", "keywords", "icon",
    "contact", "opens_on", "closes_on", "state", "state_message",
)  # fmt: skip
REQUIRED = ("code", "title")
FIRST = settings.LANGUAGE_CODE
ACCESS = {"": Access.RECOMMENDED, "recommended": Access.RECOMMENDED, "reserved": Access.RESERVED}
ACCESS |= {"recommandé": Access.RECOMMENDED, "réservé": Access.RESERVED}
LEVELS = {level.value: level for level in Level}
LEVELS |= {"normal": Level.NORMAL, "dégradé": Level.DEGRADED, "en maintenance": Level.MAINTENANCE}
LEVELS |= {"indisponible": Level.DOWN}
# What a page gets from the tree when it is put there.
PLACED = {
    "path",
    "depth",
    "numchild",
    "url_path",
    "content_type",
    "translation_key",
    "locale",
    "page_ptr",
    "draft_title",
}
LARGEST = 20_000_000  # bytes


class UnreadableFileError(Exception):
    """The file is no table of services; the message says why."""


class RefusedRowError(Exception):
    """A row cannot become a service; the message says why."""


@dataclass
class Report:
    """What an import did, or would do."""

    made: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)  # (line of the file, why)


@dataclass(frozen=True)
class Row:
    """One line: `said` has the columns that the file has, so that one it has not changes nothing."""

    line: int
    said: dict[str, str]


def decoded(content: bytes) -> str:
    """Return the text of a file as spreadsheets write them: UTF-8 with or without its mark, UTF-16, or Windows."""
    if len(content) > LARGEST:
        raise UnreadableFileError(f"the file is larger than {LARGEST // 1_000_000} MB")
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError("the file is in no encoding that is known here: save it as CSV UTF-8")


def rows_of(text: str) -> list[Row]:
    """Return the rows of a table separated by semicolons, commas or tabs. Raises UnreadableFileError."""
    head = text.lstrip("\r\n").partition("\n")[0]
    separator = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, names = [], list[str]()
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if not names:
                    names = _names(cells)
                else:
                    rows.append(Row(line, _said(names, cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(f"line {line}: the table cannot be read ({error})") from None
    if not names:
        raise UnreadableFileError("the file is empty")
    return rows


def _names(cells: list[str]) -> list[str]:
    names = [cell.strip().lower().replace(" ", "_") for cell in cells]
    names = [name for at, name in enumerate(names) if name or any(names[at:])]
    if unknown := [name for name in names if name not in COLUMNS]:
        raise UnreadableFileError(f"unknown columns: {', '.join(unknown)}; known: {', '.join(COLUMNS)}")
    if missing := [name for name in REQUIRED if name not in names]:
        raise UnreadableFileError(f"missing columns: {', '.join(missing)}")
    if twice := [name for name, number in Counter(names).items() if number > 1]:
        raise UnreadableFileError(f"columns that stand twice: {', '.join(twice)}")
    return names


def _said(names: list[str], cells: list[str]) -> dict[str, str]:
    said = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    too_many = [cell for cell in cells[len(names) :] if cell.strip()]
    return {**dict.fromkeys(names, ""), **said, **({"": too_many[0]} if too_many else {})}


class Importer:
    """Writes rows into the catalogues at the top of the trees. `publish`: what is written is published, else drafts."""

    def __init__(self, *, publish: bool) -> None:
        self.publish = publish
        self.audiences = {
            key: one for one in Audience.objects.in_use().open_to_all() for key in (one.slug, one.name.lower())
        }
        units: Any = ServicePage._meta.get_field("unit").related_model  # of a room above this one
        self.units = {key.lower(): one for one in units.objects.all() for key in (one.acronym, one.code) if key}
        self.families = {
            (one.locale.language_code, one.name.lower()): one for one in ServiceFamily.objects.select_related("locale")
        }
        self.icons = {str(name): name for name, _label in ICON_CHOICES}
        self.seen: dict[tuple[str, str], int] = {}

    def write(self, row: Row) -> str:
        """Write one row; return the name of the count of Report that it adds to. Raises RefusedRowError."""
        said = row.said
        if "" in said:
            raise RefusedRowError("there are more cells than columns: is a separator missing its quotes?")
        for name, value in said.items():
            if any(unicodedata.category(one) == "Cc" and one not in "\r\n\t" for one in value):
                raise RefusedRowError(f"{name}: there is a character that no text has")
        language = said.get("language", "").lower() or FIRST
        if language not in dict(settings.LANGUAGES):
            raise RefusedRowError(f"language: “{language}” is not one of {', '.join(dict(settings.LANGUAGES))}")
        code = said["code"].lower()
        if not code:
            raise RefusedRowError("code: it is empty, so that nothing could find this service again")
        if (before := self.seen.setdefault((language, code), row.line)) != row.line:
            raise RefusedRowError(f"code: “{code}” stands on line {before} already")
        with transaction.atomic():
            return self._write(said, code=code, language=language)

    def _write(self, said: dict[str, str], *, code: str, language: str) -> str:
        catalogue = self._catalogue(language)
        kept = catalogue.get_children().filter(slug=code).first()
        if kept and not isinstance(kept.specific, ServicePage):
            raise RefusedRowError(f"code: “{code}” is the address of a page that is no service")
        page = kept.get_latest_revision_as_object() if kept else self._new(catalogue, code, language)
        fields, audiences = self._fields(said, language)
        changed = [name for name, value in fields.items() if getattr(page, name) != value]
        retagged = audiences is not None and {a.pk for a in page.audiences.all()} != {a.pk for a in audiences}
        waits = self.publish and bool(kept) and (not page.live or kept.has_unpublished_changes) and not is_busy(kept)
        stays = bool(kept) and not changed and not retagged and not waits
        if kept and not stays:
            self._refuse_if_busy(kept)
        if not stays:
            for name, value in fields.items():
                setattr(page, name, value)
            if audiences is not None:
                page.audiences = audiences
            if page.access == Access.RESERVED and not page.audiences.all():
                raise RefusedRowError("audiences: a reserved service needs one, else nobody sees it")
            self._save(page, catalogue, is_new=not kept)
        moved = self._state(said, page)
        return "made" if not kept else "same" if stays and not moved else "changed"

    def _catalogue(self, language: str) -> CataloguePage:
        found: CataloguePage | None = (
            CataloguePage.objects.filter(locale__language_code=language, depth=3).order_by("path").first()
        )
        if found is None:
            raise RefusedRowError(f"language: there is no catalogue of services in “{language}”")
        return found

    def _new(self, catalogue: CataloguePage, code: str, language: str) -> ServicePage:
        """Return a new service: the translation of the first language's, if that has the same code."""
        if language != FIRST:
            first = ServicePage.objects.filter(slug=code, locale__language_code=FIRST, alias_of=None).first()
            locale = Locale.objects.get(language_code=language)
            if first and (translated := first.get_translation_or_none(locale)):
                raise RefusedRowError(
                    f"code: “{code}” has its version in “{language}” under the code “{translated.slug}”: use that one"
                )
            if first:
                page: ServicePage = first.copy_for_translation(locale, copy_parents=True)
                page.slug = code
                return page
        return ServicePage(slug=code, locale=catalogue.locale, live=False)

    def _fields(self, said: dict[str, str], language: str) -> tuple[dict[str, Any], list[Audience] | None]:
        """Return the fields that the row gives, and its audiences if it has that column."""
        fields: dict[str, Any] = {"title": said["title"]}
        same = {
            "summary": "summary",
            "url": "launch_url",
            "place": "place",
            "keywords": "keywords",
            "contact": "contact",
        }
        fields |= {mine: said[name] for name, mine in same.items() if name in said}
        if "icon" in said:
            fields["icon"] = self._known(said["icon"], self.icons, "icon") or ""
        if "family" in said:
            families = {name: one for (code, name), one in self.families.items() if code == language}
            fields["family"] = self._known(said["family"].lower(), families, "family")
        if "unit" in said:
            fields["unit"] = self._known(said["unit"].lower(), self.units, "unit")
        if "access" in said:
            fields["access"] = self._known(said["access"].lower(), ACCESS, "access") or ACCESS[""]
        for name in ("opens_on", "closes_on"):
            if name in said:
                fields[name] = _day(said[name], name)
        if "audiences" not in said:
            return fields, None
        names = [one.strip().lower() for one in said["audiences"].replace(",", "|").split("|") if one.strip()]
        return fields, [self._known(name, self.audiences, "audiences") for name in dict.fromkeys(names)]

    def _known(self, value: str, known: dict[str, Any], column: str) -> Any:
        if not value:
            return None
        if value not in known:
            listed = sorted(str(name) for name in known if name)
            some = ", ".join(listed[:12]) + (" …" if len(listed) > 12 else "")
            raise RefusedRowError(f"{column}: “{value}” is not known here; known: {some or 'none'}")
        return known[value]

    def _refuse_if_busy(self, kept: Page) -> None:
        if kept.locked:
            raise RefusedRowError("this page is locked in the admin")
        if kept.alias_of_id:
            raise RefusedRowError("this page is the mirror of another: change that one")
        if self.publish and is_busy(kept):
            raise RefusedRowError("somebody is changing this page: it has a draft that would be published with the row")

    def _save(self, page: ServicePage, catalogue: CataloguePage, *, is_new: bool) -> None:
        """Keep the page by its own rules, as the admin's form does."""
        page.draft_title = page.title
        try:
            page.clean_fields(exclude=PLACED)
            if page.pk is None:
                Page.objects.get(pk=catalogue.pk).add_child(instance=page)
            page.full_clean()
            if is_new:
                page.save()
            revision = page.save_revision()
        except ValidationError as error:
            raise RefusedRowError(_sentence(error)) from None
        if self.publish:
            revision.publish()

    def _state(self, said: dict[str, str], page: ServicePage) -> bool:
        """Say how the service goes, if the row does and it goes otherwise; return whether that changed."""
        level = self._known(said.get("state", "").lower(), LEVELS, "state")
        if level is None:
            return False
        if not page.live and not self.publish:
            raise RefusedRowError("state: the service is a draft, which has none; publish it, or leave this empty")
        message = said.get("state_message", "")
        if len(message) > 300:
            raise RefusedRowError("state_message: at most 300 characters")
        now = ServiceState.objects.current_of(page.service_key)
        if (now.level, now.message) == (level, message) if now else level == Level.NORMAL:
            return False
        set_state(service=page.service_key, level=level, message=message, until=None, author=None)
        return True


def is_busy(page: Page) -> bool:
    """Return whether somebody is changing `page`: the revisions that an import saves have no author."""
    latest = page.latest_revision
    return bool(page.has_unpublished_changes and latest and latest.user_id)


def _day(value: str, column: str) -> Any:
    try:
        found = parse_date(value) if value else None
    except ValueError:
        found = None
    if value and found is None:
        raise RefusedRowError(f"{column}: “{value}” is not a day written as 2026-09-01")
    return found


NAMES = {"launch_url": "url", "slug": "code"}


def _sentence(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return "; ".join(f"{NAMES.get(name, name)}: {' '.join(said)}" for name, said in error.message_dict.items())


def import_rows(rows: Iterable[Row], *, publish: bool, report: Report) -> Iterator[int]:
    """Write each row by itself, the portal's first language first, and note it in `report`; yields its line."""
    importer = Importer(publish=publish)
    for row in sorted(rows, key=lambda row: row.said.get("language", "").lower() not in {"", FIRST}):
        try:
            count = importer.write(row)
            setattr(report, count, getattr(report, count) + 1)
        except RefusedRowError as error:
            report.refused.append((row.line, str(error)))
        yield row.line
