"""An empty portal for an institution: its pages, audiences, groups and settings, and nobody's content."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from accounts.services import account_of, administration
from audience.models import Audience, Condition, Rule
from content.models import PortalPage, PortalSettings, StandardPage
from events.models import AgendaPage
from guidance.models import GuidanceIndexPage
from home.demonstration import bodies
from home.models import HomePage
from home.planting import plant_orders
from news.models import NewsCategory, NewsIndexPage
from sections.models import SectionsIndexPage
from services.models import CataloguePage, ServiceFamily

FOLDER = Path(__file__).resolve().parent / "start"
FIRST = settings.LANGUAGE_CODE
INDEXES: dict[str, type[PortalPage]] = {
    "news": NewsIndexPage,
    "agenda": AgendaPage,
    "services": CataloguePage,
    "guidance": GuidanceIndexPage,
    "sections": SectionsIndexPage,
}
LEGAL, FOOT = ("legal", "data", "cookies"), ("help", "about")
WRITING, PUBLISHING, REVIEW = "Rédaction", "Publication", "Relecture avant publication"
# What Wagtail's own migrations call these.
FORMER = {WRITING: "Editors", PUBLISHING: "Moderators", REVIEW: "Moderators approval"}
RIGHTS = {WRITING: ("add", "change"), PUBLISHING: ("add", "change", "publish")}

Said = dict[str, Any]


class AlreadyStartedError(Exception):
    """The portal has pages already, and goes by another name."""


@dataclass(frozen=True)
class Start:
    """What an institution says to begin with. `languages` are codes; the portal's first one is always among them."""

    name: str
    institution: str
    languages: tuple[str, ...] = ()
    address: str = ""
    administrators: tuple[str, ...] = ()  # what the provider calls them (`sub`)


def read(name: str) -> Said:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@transaction.atomic
def start(said: Start) -> bool:
    """Make the portal, or only add administrators to the one that `said` made; return whether it was made.

    Raises AlreadyStartedError when there is another one, and then changes nothing.
    """
    home = HomePage.objects.get(locale__language_code=FIRST)
    is_new = not home.get_children().exists()
    if not is_new and not PortalSettings.objects.filter(name=said.name, institution=said.institution).exists():
        raise AlreadyStartedError(said.name)
    if is_new:
        languages = [code for code, _name in settings.LANGUAGES if code == FIRST or code in said.languages]
        _name_site(said)
        _open_languages(home, languages)
        _make_audiences()
        _make_lists(languages)
        pages = dict(_make_pages(home, languages))
        _make_settings(said, pages)
        _make_groups()
        plant_orders()
    group = administration()
    for subject in said.administrators:
        account_of(issuer=settings.OIDC_ISSUER, subject=subject).groups.add(group)
    return is_new


def _name_site(said: Start) -> None:
    site = Site.objects.get(is_default_site=True)
    parts = urlsplit(said.address)
    site.site_name = said.name
    if parts.hostname:
        site.hostname = parts.hostname
        site.port = parts.port or (443 if parts.scheme == "https" else 80)
    site.save()


def _open_languages(home: HomePage, languages: list[str]) -> None:
    """Give each language a home, and take those away that nobody asked for and nobody has written in."""
    for code in languages[1:]:
        locale, _made = Locale.objects.get_or_create(language_code=code)
        if not home.has_translation(locale):
            home.copy_for_translation(locale)
    for other in HomePage.objects.exclude(locale__language_code__in=languages):
        if not other.get_children().exists():
            locale = other.locale
            other.delete()
            if not Page.objects.filter(locale=locale).exists():
                locale.delete()
    for one in HomePage.objects.filter(locale__language_code__in=languages):
        one.title = one.draft_title = read(one.locale.language_code)["home"]
        one.show_in_menus = True
        one.save_revision().publish()


def _make_audiences() -> None:
    found: dict[str, Audience] = {}
    for item in read("audiences")["audience"]:
        fields = {name: item[name] for name in ("name", "name_en", "kind")}
        broader = found.get(item.get("broader", ""))
        audience, made = Audience.objects.get_or_create(slug=item["slug"], defaults={**fields, "broader": broader})
        found[audience.slug] = audience
        for said in item["rules"] if made else []:
            rule = Rule(audience=audience)
            rule.conditions = [Condition(**{**one, "values": ", ".join(one["values"])}) for one in said["conditions"]]
            rule.save()


def _make_lists(languages: list[str]) -> None:
    """Make the families of services and the categories of news."""
    said = read("lists")
    first = Locale.objects.get(language_code=FIRST)
    for item in said["family"]:
        fields = {"icon": item["icon"], "order": item["order"]}
        family, _made = ServiceFamily.objects.get_or_create(name=item[FIRST], locale=first, defaults=fields)
        for code in languages[1:]:
            locale = Locale.objects.get(language_code=code)
            if not family.has_translation(locale):
                translated = family.copy_for_translation(locale)
                translated.name = item.get(code, item[FIRST])
                translated.save()
    for item in said["category"]:
        NewsCategory.objects.get_or_create(name=item["name"], defaults={"name_en": item["name_en"]})


def _make_pages(home: HomePage, languages: list[str]) -> Iterator[tuple[str, int]]:
    """Make the lists and the pages in each language; yields the id of each page of the first one, by its key."""
    first: dict[str, PortalPage] = {}
    for code in languages:
        said, locale = read(code), Locale.objects.get(language_code=code)
        made: list[tuple[PortalPage, Said]] = []
        titles = {name: (slug, title) for name, (slug, title) in said["indexes"].items()}
        items: list[tuple[str, Said]] = [
            (name, {"slug": slug, "title": title}) for name, (slug, title) in titles.items()
        ]
        items += [(item["key"], item) for item in said["page"]]
        for key, item in items:
            if code == FIRST:
                model = INDEXES.get(key, StandardPage)
                page = model(slug=item["slug"], title=item["title"], show_in_menus=key in INDEXES, live=False)
                Page.objects.get(pk=home.pk).add_child(instance=page)
                first[key] = page
            else:
                page = first[key].copy_for_translation(locale)
            made.append((page, item))
        _write(made)
    yield from ((key, page.pk) for key, page in first.items())


def _write(made: list[tuple[PortalPage, Said]]) -> None:
    """Say in each page what is said of it, now that all have ids, and publish it."""
    ids = {item["slug"]: page.pk for page, item in made}
    known = bodies.Known(ids, {}, {}, draw=lambda item: 0)
    for page, item in made:
        page.slug, page.title, page.draft_title = item["slug"], item["title"], item["title"]
        page.summary = item.get("summary", "")
        if item.get("body"):
            field: Any = page._meta.get_field("body")
            page.body = field.stream_block.to_python(bodies.blocks(item["body"], known))
        page.save_revision().publish()


def _make_settings(said: Start, pages: dict[str, int]) -> None:
    kept = PortalSettings.objects.first() or PortalSettings()
    kept.name, kept.institution = said.name, said.institution
    kept.help_page_id, kept.accessibility_page_id = pages["help"], pages["accessibility"]

    def links(keys: Iterable[str]) -> list[Said]:
        return [{"page": pages[key], "url": "", "label": ""} for key in keys]

    streams: dict[str, list[Said]] = {
        "footer": [
            {
                "type": "column",
                "value": {"title": read(FIRST)["footer"]["title"], "title_en": "Help", "links": links(FOOT)},
            }
        ],
        "legal": [{"type": "link", "value": link} for link in links(LEGAL)],
    }
    for name, raw in streams.items():
        field: Any = PortalSettings._meta.get_field(name)
        setattr(kept, name, field.stream_block.to_python(raw))
    kept.full_clean()
    kept.save()


def _make_groups() -> None:
    """Name Wagtail's own groups and workflow in the portal's first language; make those that are gone."""
    of_all = Permission.objects.filter(
        Q(content_type__app_label="wagtailadmin", codename="access_admin")
        | Q(content_type__app_label="audience", codename="see_as")
        | Q(content_type__app_label="simple_translation", codename="submit_translation")
    )
    root = Page.get_first_root_node()
    for name, rights in RIGHTS.items():
        group = _named(Group, name)
        group.permissions.add(*of_all)
        for right in rights:
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{right}_page")
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    task, workflow = _named(GroupApprovalTask, REVIEW), _named(Workflow, REVIEW)
    # The group of the last turn publishes, so it is the one that approves what the others write.
    task.groups.add(group, administration())
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})


def _named(model: Any, name: str) -> Any:
    found = model.objects.filter(name__in=[name, FORMER[name]]).order_by("pk").first() or model()
    found.name = name
    found.save()
    return found
