"""Units: what they are called on cards, and their admin screen."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from directory.models import Unit
from tests.factories import NewsPageFactory, UnitFactory

pytestmark = pytest.mark.django_db
ADD, LIST = "directory_unit_modeladmin_create", "directory_unit_modeladmin_index"


def test_a_unit_does_not_belong_to_itself_even_through_others() -> None:
    faculty = UnitFactory(name="Faculté")
    department = UnitFactory(name="Département", parent=faculty)
    faculty.parent = department

    with pytest.raises(ValidationError) as refused:
        faculty.full_clean()

    assert set(refused.value.message_dict) == {"parent"}


def test_a_unit_that_is_renamed_is_renamed_on_every_card(client: Client, kept_bodies: None, news_index: Any) -> None:
    unit = UnitFactory(name="Service culturel")
    NewsPageFactory(parent=news_index, unit=unit)
    assert "Service culturel" in client.get(news_index.url).content.decode()

    unit.name = "Direction de la culture"
    unit.save()

    page = client.get(news_index.url).content.decode()
    assert "Direction de la culture" in page
    assert "Service culturel" not in page


def test_a_unit_that_is_gone_leaves_its_pages(client: Client, news_index: Any) -> None:
    unit = UnitFactory(name="Service culturel")
    news = NewsPageFactory(parent=news_index, title="Concert", unit=unit)

    unit.delete()

    page = client.get(news_index.url).content.decode()
    assert "Concert" in page
    assert "Service culturel" not in page
    assert client.get(news.url).status_code == 200


def test_an_administrator_adds_a_unit_under_its_code(administrator: Client) -> None:
    sent = {"code": "SCI", "name": "Faculté des sciences", "acronym": "FdS", "parent": ""}

    administrator.post(reverse(ADD), sent)
    twice = administrator.post(reverse(ADD), sent)

    assert Unit.objects.filter(code="SCI").count() == 1
    assert twice.status_code == 200
    assert "FdS" in administrator.get(reverse(LIST)).content.decode()


def test_a_reader_has_no_access_to_units(sign_in: Any, staff: Any) -> None:
    browser = sign_in([staff])

    assert browser.get(reverse(LIST)).status_code == 403
    assert browser.post(reverse(ADD), {"code": "SCI", "name": "Sciences"}).status_code == 403
    assert not Unit.objects.exists()
