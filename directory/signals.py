"""A unit that is renamed is renamed on every card, and where results are narrowed by it."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from audience.version import touch
from directory.models import Unit


@receiver([post_save, post_delete], sender=Unit)
def unit_changed(raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        touch(reference=True)
