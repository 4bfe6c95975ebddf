"""What tests build: only what they speak of."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import factory
import wagtail_factories
from django.contrib.auth import get_user_model
from django.utils import timezone
from factory.django import DjangoModelFactory

from audience.models import Access, Audience, Kind, KnownReader
from content.models import PortalDocument, StandardPage
from directory.models import Unit
from events.campuses import Campus
from events.models import AgendaPage, EventPage
from guidance.models import GuidanceIndexPage, GuidancePage
from home.models import Alert, AlertPlace, DoorPage, HomeCard, HomeOrder, HomeService
from news.models import AnnouncementPage, NewsCategory, NewsIndexPage, NewsPage
from sections.models import SectionPage, SectionsIndexPage
from services.models import CataloguePage, ServiceFamily, ServicePage


class AudienceFactory(DjangoModelFactory):
    class Meta:
        model = Audience

    slug = factory.Sequence(lambda n: f"audience-{n}")
    name = factory.Sequence(lambda n: f"Public {n}")
    kind = Kind.STATUS


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"X{n:02}")
    name = factory.Sequence(lambda n: f"Unité {n}")


class ReaderFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"reader-{n}")
    first_name = "Inès"
    last_name = "Marchetti"


def know(user: Any, *positions: list[Audience], units: tuple[str, ...] = ()) -> KnownReader:
    """Say that `user` has these positions, each a list of audiences; the broader ones are added."""
    from audience.services import Rulebook

    book = Rulebook.load()
    ids = [sorted(book.with_broader([audience.pk for audience in position])) for position in positions] or [[]]
    return KnownReader.objects.update_or_create(
        user=user, defaults={"positions": json.dumps(sorted(ids)), "units": list(units)}
    )[0]


class PortalPageFactory(wagtail_factories.PageFactory):
    """A page in the tree; `audiences` and `access` are published with it."""

    class Meta:
        abstract = True

    title = factory.Sequence(lambda n: f"Page {n}")
    slug = factory.Sequence(lambda n: f"page-{n}")
    access = Access.RECOMMENDED
    first_published_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, parent: Any = None, audiences: Any = (), **kwargs: Any) -> Any:
        page = model_class(**kwargs)
        page.audiences = list(audiences)
        if parent is None:
            raise ValueError("a page stands somewhere: give its parent")
        # The parent's own count of children may be old; treebeard trusts it.
        parent.refresh_from_db()
        parent.add_child(instance=page)
        return page


class StandardPageFactory(PortalPageFactory):
    class Meta:
        model = StandardPage


class DoorPageFactory(PortalPageFactory):
    class Meta:
        model = DoorPage

    @classmethod
    def _create(cls, model_class: Any, *args: Any, concerned: Any = (), **kwargs: Any) -> Any:
        page = super()._create(model_class, *args, **kwargs)
        page.concerned = list(concerned)
        page.save()
        return page


class NewsIndexPageFactory(PortalPageFactory):
    class Meta:
        model = NewsIndexPage

    show_in_menus = True


class NewsPageFactory(PortalPageFactory):
    class Meta:
        model = NewsPage


class NewsCategoryFactory(DjangoModelFactory):
    class Meta:
        model = NewsCategory

    name = factory.Sequence(lambda n: f"Catégorie {n}")


class AnnouncementPageFactory(PortalPageFactory):
    class Meta:
        model = AnnouncementPage

    text = "Le cours de lundi se tient en salle B12."


class AgendaPageFactory(PortalPageFactory):
    class Meta:
        model = AgendaPage

    show_in_menus = True


class CampusFactory(DjangoModelFactory):
    class Meta:
        model = Campus

    name = factory.Sequence(lambda n: f"Campus {n}")


class EventPageFactory(PortalPageFactory):
    class Meta:
        model = EventPage

    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3))
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3, hours=2))


class GuidanceIndexPageFactory(PortalPageFactory):
    class Meta:
        model = GuidanceIndexPage

    show_in_menus = True


class GuidancePageFactory(PortalPageFactory):
    class Meta:
        model = GuidancePage


class CataloguePageFactory(PortalPageFactory):
    class Meta:
        model = CataloguePage

    show_in_menus = True


class ServiceFamilyFactory(DjangoModelFactory):
    class Meta:
        model = ServiceFamily

    name = factory.Sequence(lambda n: f"Famille {n}")


class ServicePageFactory(PortalPageFactory):
    class Meta:
        model = ServicePage

    launch_url = "https://service.valmont.example/"


class SectionsIndexPageFactory(PortalPageFactory):
    class Meta:
        model = SectionsIndexPage

    show_in_menus = True


class SectionPageFactory(PortalPageFactory):
    class Meta:
        model = SectionPage


class PortalDocumentFactory(wagtail_factories.DocumentFactory):
    class Meta:
        model = PortalDocument


class AlertFactory(DjangoModelFactory):
    """An alert of now; `audiences` are saved with it, `below` are the pages it is shown on and below."""

    class Meta:
        model = Alert
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Alerte {n}")
    text = "Ce qui se passe."
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))

    @classmethod
    def _create(cls, model_class: Any, *args: Any, audiences: Any = (), below: Any = (), **kwargs: Any) -> Any:
        alert = model_class(**kwargs)
        alert.audiences = list(audiences)
        alert.places = [AlertPlace(page=page) for page in below]
        alert.save()
        return alert


class HomeOrderFactory(DjangoModelFactory):
    """An order of home; `audiences`, `cards` (names) and `services` (pages) are saved with it."""

    class Meta:
        model = HomeOrder
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Ordre {n}")

    @classmethod
    def _create(
        cls, model_class: Any, *args: Any, audiences: Any = (), cards: Any = (), services: Any = (), **kwargs: Any
    ) -> Any:
        order = model_class(**kwargs)
        order.audiences = list(audiences)
        order.cards = [HomeCard(card=name, sort_order=at) for at, name in enumerate(cards)]
        order.services = [HomeService(page=page, sort_order=at) for at, page in enumerate(services)]
        order.save()
        return order
