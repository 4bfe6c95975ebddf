"""A category renamed shows its new name at once: cards ask for it by its id."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from audience.version import touch
from news.categories import NewsCategory


@receiver([post_save, post_delete], sender=NewsCategory)
def categories_changed(raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        touch(reference=True)
