"""After every change an editor can make, each entry is what the rule says of its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import TestCase
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction

from audience.models import Access, Kind
from content.models import PortalDocument, StandardPage
from home.models import Alert
from services.models import CataloguePage, ServicePage
from services.retirement import restore, retire
from tests.dates import dates_block
from tests.editing import fresh
from tests.factories import AlertFactory
from tests.leaks.compare import differences
from tests.leaks.world import World, words

pytestmark = pytest.mark.django_db

Change = Callable[[World], Any]


def some(world: World, model: type[Page] = StandardPage, *, with_children: bool = False) -> Any:
    """Return a page of the world by chance, in French and no alias."""
    pages = model.objects.filter(locale=world.french.locale, alias_of=None, depth__gt=2)
    return world.rand.choice(list(pages.filter(numchild__gt=0) if with_children else pages))


def reserve(world: World, page: Any = None, audiences: Any = None) -> Any:
    page = page or some(world, with_children=True)
    page.access, page.audiences = Access.RESERVED, audiences or world.tags()
    page.save()
    return page


def reserve_then_open(world: World) -> None:
    page = reserve(world)
    assert differences() == []
    page = fresh(page)
    page.access, page.audiences = Access.RECOMMENDED, []
    page.save()


def reserve_what_is_reserved_above_then_open_above(world: World) -> None:
    """The demand of an alias's source is hidden by that of the alias's parent until that one goes."""
    tags = world.tags()
    above = reserve(world, world.add(StandardPage, world.french), tags)
    source = world.add(StandardPage, world.french)
    source.create_alias(parent=fresh(above), update_slug=world.word())
    reserve(world, source, tags)
    assert differences() == []
    above = fresh(above)
    above.access = Access.RECOMMENDED
    above.save()


def move_under_a_reserved_page_and_back(world: World) -> None:
    page, reserved = some(world, with_children=True), reserve(world, world.add(StandardPage, world.french))
    parent = page.get_parent()
    page.move(Page.objects.get(pk=reserved.pk), pos="last-child")
    assert differences() == []
    # To the end, as the admin moves: to the front, treebeard does not reckon with the step 0000 of Wagtail's copies.
    fresh(page).move(Page.objects.get(pk=parent.pk), pos="last-child")


def reorder(world: World) -> None:
    parent = world.add(StandardPage, world.french)
    children = [world.add(StandardPage, parent) for _ in range(4)]
    below = world.add(StandardPage, children[2])
    reserve(world, fresh(children[2]), None)
    for target, where in [(0, "left"), (1, "right"), (3, "right")]:
        fresh(children[2]).move(Page.objects.get(pk=children[target].pk), pos=where)
        assert differences() == []
    fresh(children[0]).move(Page.objects.get(pk=below.pk), pos="first-child")
    assert differences() == []
    fresh(children[0]).move(Page.objects.get(pk=parent.pk), pos="first-child")


def rename(world: World) -> None:
    for page in (some(world, with_children=True), world.made[0], some(world)):
        world.rename(page, world.word())
        assert differences() == []


def schedule(world: World) -> None:
    page = fresh(some(world, with_children=True))
    page.go_live_at = timezone.now() + timedelta(days=3)
    page.save()
    assert differences() == []
    page.expire_at = timezone.now() + timedelta(days=9)
    page.save()
    assert differences() == []
    page.go_live_at = page.expire_at = None
    page.save()


def change_the_key_dates(world: World) -> None:
    """Added, moved to another day or hour, renamed, left out, in a draft only, gone with the block."""
    page, day = world.add(StandardPage, some(world)), "2026-12-03"
    for block in (
        dates_block(("Ouverture", day), ("Clôture", day, "17:00")),
        dates_block(("Clôture", "2026-12-04"), ("Ouverture", day, "09:00"), ("Résultats", "2027-01-08")),
        dates_block(("Clôture", "2026-12-04"), ("Clôture", "2026-12-05", "12:00:30")),
        dates_block(("Clôture", day), ("Ouverture", day), bare=True),
    ):
        page = fresh(page)
        page.body = [block]
        page.save_revision()
        assert differences() == []
        page.get_latest_revision().publish()
        assert differences() == []
    reserve(world, page.get_parent().specific)
    assert differences() == []
    page = fresh(page)
    page.body = []
    page.save()


def schedule_a_draft(world: World) -> None:
    """Wagtail signals the publication of a page scheduled for later."""
    page = world.add(StandardPage, some(world), live=False, first_published_at=None)
    page.go_live_at = timezone.now() + timedelta(days=3)
    page.save_revision().publish()
    assert not fresh(page).live


def draft_a_change(world: World) -> None:
    page = some(world)
    page.title, page.access, page.audiences = f"Brouillon {world.word()}", Access.RESERVED, world.tags()
    page.save_revision()
    assert differences() == []
    page.get_latest_revision().publish()


def unpublish_and_publish_again(world: World) -> None:
    page = some(world, with_children=True)
    page.unpublish()
    assert differences() == []
    fresh(page).save_revision().publish()


def unpublish_with_all_below(world: World) -> None:
    from wagtail.actions.unpublish_page import UnpublishPageAction

    editor = get_user_model().objects.get(is_superuser=True)
    page = some(world, with_children=True)
    page.go_live_at = page.expire_at = None  # with a date to come, publishing it would leave nothing to unpublish
    page.save_revision().publish()
    UnpublishPageAction(fresh(page), include_descendants=True, user=editor).execute()


def unpublish_a_list_whose_news_are_translated(world: World) -> None:
    """What is withdrawn in one language stands in the lists of the other."""
    for page in world.made[:4]:
        fresh(page).unpublish()
        assert differences() == []
        fresh(page).save_revision().publish()
        assert differences() == []


def delete(world: World) -> None:
    fresh(some(world, with_children=True)).delete()


def delete_the_source_of_an_alias(world: World) -> None:
    above = reserve(world, world.add(StandardPage, world.french))
    source = world.add(StandardPage, above)
    source.create_alias(parent=fresh(world.french), update_slug=world.word())
    assert differences() == []
    fresh(source).delete()


def delete_a_translation(world: World) -> None:
    english = Page.objects.filter(locale=world.english.locale, depth__gt=3).specific()
    for page in [page for page in english if len(page.get_translations()) > 0][:3]:
        page.delete()
        assert differences() == []


def restrict_each_way(world: World) -> None:
    for kind in ("login", "groups", "password"):
        restriction = world.restrict(some(world, with_children=True), kind)
        assert differences() == []
        restriction.delete()
        assert differences() == []


def restrict_the_root(world: World) -> None:
    restriction = PageViewRestriction.objects.create(page=Page.objects.get(depth=1), restriction_type="login")
    assert differences() == []
    restriction.delete()


def change_who_a_restriction_is_for(world: World) -> None:
    restriction = world.restrict(some(world, with_children=True), "groups")
    other = Group.objects.create(name="Autres")
    for groups in ([other], [], world.groups):
        restriction.groups.set(groups)
        assert differences() == []
    other.pageviewrestriction_set.add(restriction)
    assert differences() == []
    other.pageviewrestriction_set.clear()
    assert differences() == []
    restriction.restriction_type = "login"
    restriction.save()


def alias_in_the_same_language(world: World) -> None:
    source = some(world, with_children=True)
    source.create_alias(parent=fresh(world.french), update_slug=world.word(), recursive=True)
    assert differences() == []
    reserve(world, fresh(source))
    assert differences() == []
    reserve(world, fresh(source.get_parent()) if source.depth > 3 else fresh(source))
    assert differences() == []
    world.restrict(source.get_children().first(), "login")


def alias_in_the_other_language(world: World) -> None:
    english = Locale.objects.get(language_code="en")
    source = world.add(StandardPage, world.french)
    mirror = source.copy_for_translation(english, alias=True)
    assert differences() == []
    source = reserve(world, fresh(source))
    source.save_revision().publish()
    assert differences() == []
    reserved = reserve(world, world.add(StandardPage, world.english, locale=english))
    fresh(mirror).move(Page.objects.get(pk=reserved.pk), pos="first-child")


def update_the_source_of_an_alias(world: World) -> None:
    source = world.add(StandardPage, world.french)
    source.create_alias(parent=fresh(world.french), update_slug=world.word())
    source = fresh(source)
    source.title = f"Neuf {world.word()}"
    source.access, source.audiences = Access.RESERVED, world.tags()
    source.save_revision().publish()
    assert differences() == []
    fresh(source).unpublish()


def turn_an_alias_into_a_page(world: World) -> None:
    from wagtail.actions.convert_alias import ConvertAliasPageAction

    above = reserve(world, world.add(StandardPage, world.french))
    source = world.add(StandardPage, above)
    alias = source.create_alias(parent=fresh(world.french), update_slug=world.word())
    assert differences() == []
    ConvertAliasPageAction(fresh(alias)).execute(skip_permission_checks=True)


def translate(world: World) -> None:
    english = Locale.objects.get(language_code="en")
    source = reserve(world, world.add(StandardPage, world.french))
    draft = source.copy_for_translation(english)
    assert differences() == []
    draft = fresh(draft)
    draft.access, draft.audiences = Access.RESERVED, world.audiences[:1]
    draft.save()
    assert differences() == []
    draft.save_revision().publish()
    assert differences() == []
    fresh(draft).unpublish()


def copy_with_all_below(world: World) -> None:
    source = fresh(some(world, with_children=True))
    source.copy(to=world.french, recursive=True, update_attrs={"slug": world.word()}, keep_live=world.chance(0.5))


def turn_an_audience_into_another_kind(world: World) -> None:
    """Tags of one kind are alternatives; of two, they add up."""
    first, second = world.audiences[:2]
    second.kind = first.kind
    second.save()
    reserve(world, None, [first, second])
    world.documents[0].access = Access.RESERVED
    world.documents[0].save()
    world.documents[0].audiences.set([first, second])
    assert differences() == []
    second.kind = Kind.CAMPUS
    second.save()


def change_the_hierarchy_of_audiences(world: World) -> None:
    last = world.audiences[-1]
    last.broader = world.audiences[0]
    last.save()


def change_documents_and_their_collections(world: World) -> None:
    document = world.documents[0]
    document.access = Access.RESERVED
    document.save()
    assert differences() == []
    document.audiences.set(world.audiences[:2])
    assert differences() == []
    inner = Collection.objects.get(name="Dedans")
    document.collection = inner
    document.save()
    assert differences() == []
    restriction = CollectionViewRestriction.objects.create(collection=inner, restriction_type="groups")
    restriction.groups.set(world.groups)
    assert differences() == []
    inner.move(Collection.get_first_root_node(), "sorted-child")
    assert differences() == []
    Collection.objects.get(name="Dedans").move(Collection.objects.get(name="login"), "sorted-child")
    assert differences() == []
    restriction.delete()
    assert differences() == []
    PortalDocument.objects.get(title=world.documents[1].title).delete()


def change_an_alert_in_each_way(world: World) -> None:
    place, link = world.add(StandardPage, world.french), world.add(StandardPage, world.french)
    alert = AlertFactory(below=[place], link=link)
    assert differences() == []
    alert.access, alert.audiences = Access.RESERVED, world.tags()
    alert.save()
    assert differences() == []
    alert.audiences = []
    alert.save()
    assert differences() == []
    alert.access, alert.title, alert.ends_at = Access.RECOMMENDED, "Neuf", timezone.now()
    alert.save()
    assert differences() == []
    fresh(place).delete()
    fresh(link).delete()
    assert differences() == []
    Alert.objects.get(pk=alert.pk).delete()
    assert differences() == []
    Alert.objects.exclude(pk=Alert.objects.first().pk).delete()


def retire_a_service_and_take_it_back(world: World) -> None:
    catalogue = CataloguePage.objects.filter(locale=world.french.locale, depth=3).first()
    old, new = world.add(ServicePage, catalogue), world.add(ServicePage, catalogue)
    old.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
    old.create_alias(parent=fresh(catalogue), update_slug=world.word())
    retire(service=old.translation_key, successor=new.translation_key, message="", author=None)
    assert differences() == []
    reserve(world, fresh(old))
    assert differences() == []
    restore(service=old.translation_key)


def say_discreet_and_no_longer(world: World) -> None:
    """Pages below, translations, aliases and key dates follow, also when one of two that say so says it no more."""
    page, above = some(world, with_children=True), world.add(StandardPage, world.french)
    child = world.add(StandardPage, some(world))
    page.get_children().first().specific.create_alias(parent=above, update_slug=world.word())
    twin = child.copy_for_translation(world.english.locale, copy_parents=True)
    for one, said in [(page, True), (child, True), (twin, True), (page, False), (child, False), (twin, False)]:
        changed = fresh(one)
        changed.discreet = said
        changed.save()
        assert differences() == []


CHANGES: list[Change] = [
    alias_in_the_other_language,
    alias_in_the_same_language,
    change_an_alert_in_each_way,
    change_documents_and_their_collections,
    change_the_hierarchy_of_audiences,
    change_the_key_dates,
    change_who_a_restriction_is_for,
    copy_with_all_below,
    delete,
    delete_a_translation,
    delete_the_source_of_an_alias,
    draft_a_change,
    move_under_a_reserved_page_and_back,
    rename,
    reorder,
    reserve,
    reserve_then_open,
    reserve_what_is_reserved_above_then_open_above,
    restrict_each_way,
    restrict_the_root,
    say_discreet_and_no_longer,
    retire_a_service_and_take_it_back,
    schedule,
    schedule_a_draft,
    translate,
    turn_an_alias_into_a_page,
    turn_an_audience_into_another_kind,
    unpublish_a_list_whose_news_are_translated,
    unpublish_and_publish_again,
    unpublish_with_all_below,
    update_the_source_of_an_alias,
]


def test_every_entry_is_what_the_rule_says_of_its_page(world: World) -> None:
    assert len(words(" ".join(Page.objects.values_list("title", flat=True)))) > world.pages / 2
    assert differences() == []


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_every_entry_is_what_the_rule_says(world: World, change: Change) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        change(world)

    assert differences() == []


def test_after_changes_in_any_order_every_entry_is_what_the_rule_says(world: World) -> None:
    for change in world.rand.sample(CHANGES, len(CHANGES)):
        change(world)
        found = differences()
        assert found == [], change.__name__
