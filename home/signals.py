"""What alerts follow: an emergency is known at once where it is published, and no link outlives its page."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page

from audience.version import touch
from home import emergency
from home.favourites import forget_pages
from home.models import Alert, AlertLevel
from home.orders import HomeCard, HomeOrder, HomeService


@receiver([post_save, post_delete], sender=Alert)
def emergency_changed(instance: Alert, raw: bool = False, **kwargs: Any) -> None:
    """Let this process, and the file, know it as soon as it is committed; the others learn it within seconds."""
    if not raw and instance.level == AlertLevel.EMERGENCY:
        emergency.forget()
        transaction.on_commit(_learn)


def _learn() -> None:
    emergency.forget()
    emergency.known()


@receiver([post_save, post_delete], sender=HomeOrder)
@receiver([post_save, post_delete], sender=HomeCard)
@receiver([post_save, post_delete], sender=HomeService)
def order_changed(raw: bool = False, **kwargs: Any) -> None:
    """Lay home anew for everyone."""
    if not raw:
        touch(reference=True)


@receiver(pre_delete, sender=Page)
def page_goes(instance: Page, **kwargs: Any) -> None:
    """Take the links to a page away before it goes: the database would do it without a word."""
    for alert in Alert.objects.filter(link=instance.pk):
        alert.link = None
        alert.save()


@receiver(post_delete, sender=Page)
def page_is_gone(instance: Page, **kwargs: Any) -> None:
    """Forget the favourites of a page that is in the portal in no language any more."""
    if not Page.objects.filter(translation_key=instance.translation_key).exclude(pk=instance.pk).exists():
        forget_pages([instance.translation_key])
