"""What changes the guidance without changing a page of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from audience.version import touch
from guidance.models import GuidancePage
from guidance.needs import Need
from search.projection import project_page


@receiver(post_save, sender=Need)
@transaction.atomic
def need_changed(
    instance: Need, created: bool, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """Pages are found by the words of their need, which their entries hold; its place shows in lists at once."""
    if raw or created:
        return
    if update_fields != frozenset({"order"}):
        for pk in GuidancePage.objects.filter(need=instance).order_by("path").values_list("pk", flat=True):
            project_page(pk)
    touch()
