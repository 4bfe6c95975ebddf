"""A category renamed or deleted is so at once on the cards of its news, and in what is found of them."""

from typing import Any

from django.db.models import F
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from audience.version import touch
from news.categories import NewsCategory
from search.models import Entry


@receiver(post_save, sender=NewsCategory)
def category_changed(instance: NewsCategory, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        Entry.objects.of_category(instance.pk).update(version=F("version") + 1)
        touch(reference=True)


@receiver(post_delete, sender=NewsCategory)
def category_gone(instance: NewsCategory, **kwargs: Any) -> None:
    """The news have lost it in the same transaction, without being saved."""
    Entry.objects.of_category(instance.pk).update(category=None, version=F("version") + 1)
    touch(reference=True)
