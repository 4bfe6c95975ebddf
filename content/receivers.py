"""What content keeps others from doing."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _
from wagtail.models import get_page_models

from audience.models import Audience
from content.models import PortalPage
from content.records import Record


@receiver(pre_delete, sender=Audience)
def audience_in_use(instance: Audience, **kwargs: Any) -> None:
    """Retired, never deleted while used: without one of its audiences, a page would be open to more readers."""
    models: list[Any] = [model for model in get_page_models() if issubclass(model, PortalPage)]
    models += [
        model
        for model in apps.get_models()
        if issubclass(model, Record) and any(field.name == "audiences" for field in model._meta.many_to_many)
    ]
    for model in models:
        if used := set(model.objects.filter(audiences=instance)[:20]):
            raise ProtectedError(_("Pages, documents or alerts carry this audience: retire it instead."), used)
