"""An editor's browser in the admin: the rights they have, and the forms they send."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale, Page

from audience.models import Audience
from home.models import HomePage
from tests.reading import form_of

WRITERS, PUBLISHERS = ("add", "change"), ("add", "change", "publish")


def editors_of(page: Page, *, rights: tuple[str, ...] = PUBLISHERS) -> Group:
    """Return the group of those who may do `rights` on `page` and below it."""
    group = Group.objects.create(name=f"{page.title} ({', '.join(rights)})")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for right in rights:
        permission = Permission.objects.get(content_type__model="page", codename=f"{right}_page")
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    return group


def add_form(browser: Client, parent: Page, model: type[Page]) -> tuple[str, QueryDict]:
    """Return the address of the form that adds a `model` under `parent`, and what it holds to begin with."""
    address = reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, parent.pk])
    return address, _filled(browser, address)


def edit_form(browser: Client, page: Page) -> tuple[str, QueryDict]:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return address, _filled(browser, address)


def _filled(browser: Client, address: str) -> QueryDict:
    data = form_of(browser, address, form_id="page-edit-form")
    # Streams and comments are drawn by a script, which adds these.
    for stream in ("body", "steps", "help_pages"):
        data[f"{stream}-count"] = "0"
    return data


def send(
    browser: Client, form: tuple[str, QueryDict], *, audiences: list[Audience] | None = None, **fields: Any
) -> Any:
    """Send a form with these fields changed; `action-publish="1"` and its like are given as `action="publish"`."""
    address, data = form
    action = fields.pop("action", None)
    for name, value in fields.items():
        data[name] = value
    if audiences is not None:
        data.setlist("audiences", [str(audience.pk) for audience in audiences])
    if action:
        data[f"action-{action}"] = "1"
    return browser.post(address, data.urlencode(), content_type="application/x-www-form-urlencoded")


def fresh(page: Page) -> Any:
    """Return the page as the database has it: what stands in memory has an old count of children."""
    return page.specific_class.objects.get(pk=page.pk)


def open_language(code: str) -> HomePage:
    """Open the portal in a language as an administrator does: a locale, then a translation of home."""
    locale, _ = Locale.objects.get_or_create(language_code=code)
    home = HomePage.objects.get(locale__language_code="fr")
    translated: HomePage = home.get_translation_or_none(locale) or home.copy_for_translation(locale)
    translated.show_in_menus = True
    translated.save_revision().publish()
    return HomePage.objects.get(pk=translated.pk)
