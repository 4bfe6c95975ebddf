"""Units, audiences with their rules, families, categories, groups and known readers of the demonstration."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from accounts.models import GroupMapping
from accounts.services import administration
from audience.claims import Attributes
from audience.models import Audience, Condition, KnownReader, Rule, digest
from audience.services import Rulebook, evaluate_everyone
from directory.models import Unit
from home.demonstration.files import read
from news.models import NewsCategory, NewsIndexPage
from services.models import ServiceFamily

READERS = 600
LEVELS = ("L1", "L1", "L1", "L2", "L2", "L3", "M1", "M2", "D1")
UNITS = ("U01", "U01", "U02", "U02", "U03", "U04", "I10", "E20")
CLASSES = (3, 4, 5)
STAFF_UNITS = ("U01", "U02", "U03", "U04", "DRH", "DNUM", "SCD", "SCO")


def load_units() -> dict[str, Unit]:
    """Return the units by code, made if need be; parents come first in the file."""
    units: dict[str, Unit] = {}
    for item in read("units.toml", "unit"):
        parent = units.get(item.get("parent", ""))
        fields = {"name": item["name"], "acronym": item.get("acronym", ""), "parent": parent}
        units[item["code"]] = Unit.objects.get_or_create(code=item["code"], defaults=fields)[0]
    return units


def load_audiences() -> dict[str, Audience]:
    """Return the audiences by slug, with their rules."""
    found: dict[str, Audience] = {}
    items = read("audiences.toml", "audience")
    for item in items:
        fields = {"name": item["name"], "name_en": item.get("name_en", ""), "kind": item["kind"]}
        audience, made = Audience.objects.get_or_create(slug=item["slug"], defaults=fields)
        found[audience.slug] = audience
        for conditions in [rule["conditions"] for rule in item.get("rules", [])] if made else []:
            rule = Rule(audience=audience)
            rule.conditions = [
                Condition(attribute=c["attribute"], operator=c["operator"], values=", ".join(c["values"]))
                for c in conditions
            ]
            rule.save()
    for item in items:
        audience, broader = found[item["slug"]], found.get(item.get("broader", ""))
        if broader and audience.broader_id is None:
            audience.broader = broader
            audience.save()
    return found


def load_languages(codes: Iterable[str]) -> None:
    """Open the portal in these languages, as an administrator does under Settings, Locales."""
    for code in codes:
        Locale.objects.get_or_create(language_code=code)


def load_families(languages: Iterable[str]) -> dict[str, ServiceFamily]:
    """Return the families by slug, in French, each with its translations."""
    french = Locale.objects.get(language_code="fr")
    names = {
        (language, item["translates"]): item["name"]
        for language in languages
        for item in read("families.toml", "family", language=language)
    }
    found = {}
    for item in read("families.toml", "family"):
        names.setdefault(("en", item["slug"]), item["name_en"])
        fields = {"icon": item["icon"], "order": item["order"]}
        family, _made = ServiceFamily.objects.get_or_create(name=item["name"], locale=french, defaults=fields)
        found[item["slug"]] = family
    for (language, slug), name in names.items():
        locale = Locale.objects.get(language_code=language)
        if slug in found and not found[slug].has_translation(locale):
            translated = found[slug].copy_for_translation(locale)
            translated.name = name
            translated.save()
    return found


def load_categories() -> dict[str, NewsCategory]:
    return {
        item["name"]: NewsCategory.objects.get_or_create(
            name=item["name"], defaults={"name_en": item.get("name_en", "")}
        )[0]
        for item in read("categories.toml", "category")
    }


def load_groups(section: Page) -> None:
    """Make the groups of one section's editors, and the claims that give them."""
    rights_of_all = Permission.objects.filter(
        Q(content_type__app_label="wagtailadmin", codename="access_admin")
        | Q(content_type__app_label="audience", codename="see_as")
        | Q(content_type__app_label="simple_translation", codename="submit_translation")
    )
    collection = Collection.objects.filter(name=section.title).first() or Collection.get_first_root_node().add_child(
        name=section.title
    )
    for name, entitlement, rights in (
        ("rédaction", "urn:valmont:parvis:editor:u01", ("add", "change")),
        ("publication", "urn:valmont:parvis:moderator:u01", ("add", "change", "publish")),
    ):
        group, _ = Group.objects.get_or_create(name=f"{section.title} : {name}")
        group.permissions.add(*rights_of_all)
        for right in rights:
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{right}_page")
            GroupPagePermission.objects.get_or_create(group=group, page=section, permission=permission)
        for codename in (
            "add_image",
            "change_image",
            "choose_image",
            "add_document",
            "change_document",
            "choose_document",
        ):
            app = "wagtailimages" if codename.endswith("image") else "wagtaildocs"
            permission = Permission.objects.get(content_type__app_label=app, codename=codename)
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
        GroupMapping.objects.get_or_create(attribute="entitlement", value=entitlement, group=group)
    # The group of the last turn publishes, so it is the one that approves what the others write.
    task, made = GroupApprovalTask.objects.get_or_create(name=f"{section.title} : relecture")
    if made:
        task.groups.add(group, administration())
        workflow = Workflow.objects.create(name=f"{section.title} : relecture puis publication")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.create(workflow=workflow, page=section)


def load_announcers(section: Page) -> None:
    """Let the teachers of a department announce in its list of news; no admin opens to them."""
    group, _ = Group.objects.get_or_create(name=f"{section.title} : annonces")
    permission = Permission.objects.get(content_type__app_label="wagtailcore", codename="add_page")
    for index in Page.objects.child_of(section).type(NewsIndexPage):
        GroupPagePermission.objects.get_or_create(group=group, page=index, permission=permission)
    GroupMapping.objects.get_or_create(attribute="affiliation", value="faculty", unit="U01MA", group=group)


def load_readers() -> None:
    """Make accounts without a name, so that editors see how many readers an audience reaches."""
    user_model = get_user_model()
    if KnownReader.objects.count() >= READERS:
        return
    drawn = random.Random(2026)  # noqa: S311  # the same demonstration every time
    user_model.objects.bulk_create([user_model(username=f"demo-{n:04}") for n in range(READERS)], ignore_conflicts=True)
    rulebook, known = Rulebook.load(), []
    names = [f"demo-{n:04}" for n in range(READERS)]
    for user in user_model.objects.filter(username__in=names, known_reader=None).order_by("username"):
        attributes = _drawn_attributes(drawn)
        kept = attributes.as_json()
        known.append(
            KnownReader(
                user=user,
                attributes=kept,
                attributes_key=digest(kept),
                units=attributes.values("unit"),
                positions=json.dumps(rulebook.positions(attributes)),
            )
        )
    KnownReader.objects.bulk_create(known)
    evaluate_everyone()


def _drawn_attributes(drawn: random.Random) -> Attributes:
    if drawn.random() < 0.8:
        position = {
            "affiliation": ["student"],
            "level": [drawn.choice(LEVELS)],
            "unit": [drawn.choice(UNITS)],
            "regime": ["12" if drawn.random() < 0.1 else "10"],
        }
        if (position["level"], position["unit"]) == (["L1"], ["U01"]):
            position |= {"step": ["L1MIN01"], "group": [f"valmont:td:L1MIN01:{drawn.choice(CLASSES)}"]}
    else:
        position = {
            "affiliation": drawn.choice([["teacher", "faculty"], ["staff", "employee"]]),
            "unit": [drawn.choice(STAFF_UNITS)],
        }
    return Attributes(person={"affiliation": ["member"]}, positions=[position])
