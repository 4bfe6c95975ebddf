"""What makes an entry change. facts: docs/develop.md lists which signal stands for which event."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction
from wagtail.signals import post_page_move

from audience.models import Audience
from audience.version import touch
from content.accessibility import AccessibilityAudit
from content.changes import PortalChange
from content.models import PortalImage, PortalSettings, Topic
from content.signals import page_saved
from search.documents import project_documents_of
from search.languages import share_all_languages
from search.projection import (
    follow_addresses,
    forget_page,
    project_page,
    project_pages_for,
    project_pages_with_image,
)
from search.records import project_records_for


@receiver(page_saved)
def saved(pk: int, **kwargs: Any) -> None:
    """Created, published, unpublished, expired, renamed, aliased or converted: all of them save the page."""
    project_page(pk)


@receiver(post_save, sender=Page)
def placed(instance: Page, raw: bool = False, **kwargs: Any) -> None:
    """A move saves the bare page, in its own transaction and before it signals anything."""
    if not raw:
        project_page(instance.pk)


@receiver(post_page_move)
def moved(instance: Page, **kwargs: Any) -> None:
    """The addresses below a moved page are written after it is saved."""
    follow_addresses(instance.pk)


@receiver(post_delete, sender=Page)
def deleted(instance: Page, **kwargs: Any) -> None:
    forget_page(instance.pk)


@receiver([post_save, post_delete], sender=PageViewRestriction)
def privacy_changed(instance: PageViewRestriction, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        _project_restricted(instance.page_id)


@receiver(m2m_changed, sender=PageViewRestriction.groups.through)
def privacy_groups_changed(instance: Any, action: str, pk_set: set[int] | None, **kwargs: Any) -> None:
    if isinstance(instance, PageViewRestriction):
        if action.startswith("post_"):
            _project_restricted(instance.page_id)
        return
    # From the other side: a group given restrictions, or freed of them.
    if action == "pre_clear":
        instance.freed = set(instance.pageviewrestriction_set.values_list("pk", flat=True))
    elif action.startswith("post_"):
        changed = pk_set if pk_set is not None else instance.freed
        for pk in PageViewRestriction.objects.filter(pk__in=changed).values_list("page_id", flat=True):
            _project_restricted(pk)


def _project_restricted(pk: int) -> None:
    page = Page.objects.filter(pk=pk).first()
    if page is None:
        return
    if page.depth > 1:
        project_page(pk)
        return
    for home in page.get_children():
        project_page(home.pk)


@receiver([post_save, post_delete], sender=CollectionViewRestriction)
def collection_privacy_changed(instance: CollectionViewRestriction, raw: bool = False, **kwargs: Any) -> None:
    if not raw and Collection.objects.filter(pk=instance.collection_id).exists():
        project_documents_of(instance.collection)


@receiver(m2m_changed, sender=CollectionViewRestriction.groups.through)
def collection_groups_changed(instance: Any, action: str, **kwargs: Any) -> None:
    if action.startswith("post_") and isinstance(instance, CollectionViewRestriction):
        project_documents_of(instance.collection)


def _following(move: Callable[..., None]) -> Callable[..., None]:
    @wraps(move)
    def followed(self: Collection, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            move(self, *args, **kwargs)
            project_documents_of(Collection.objects.get(pk=self.pk))

    return followed


# Wagtail moves a collection after it saved it, by SQL, and signals nothing; its documents have other privacy then.
Collection.move = _following(Collection.move)


@receiver(post_save, sender=Collection)
def collection_saved(instance: Collection, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if not created and not raw:
        project_documents_of(instance)


@receiver(post_save, sender=PortalImage)
def image_changed(instance: PortalImage, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if not created and not raw:
        project_pages_with_image(instance)


@receiver([post_save, post_delete], sender=Locale)
def language_added_or_gone(raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        transaction.on_commit(share_all_languages.enqueue)


@receiver([post_save, post_delete], sender=AccessibilityAudit)
@receiver([post_save, post_delete], sender=PortalChange)
@receiver([post_save, post_delete], sender=Topic)
@receiver(post_save, sender=PortalSettings)
def settings_changed(**kwargs: Any) -> None:
    touch(reference=True)


@receiver(pre_save, sender=Audience)
def audience_changes(instance: Audience, raw: bool = False, **kwargs: Any) -> None:
    before = None if raw else Audience.objects.filter(pk=instance.pk).values_list("kind", flat=True).first()
    instance.kind_before = before  # type: ignore[attr-defined]  # read by the next receiver


@receiver(post_save, sender=Audience)
def audience_changed(instance: Audience, **kwargs: Any) -> None:
    """Tags of one kind are alternatives: another kind is another demand on each page that carries the tag."""
    if instance.kind_before not in {None, instance.kind}:  # type: ignore[attr-defined]
        project_pages_for(instance)
        project_records_for(instance)
