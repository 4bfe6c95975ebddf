"""What content keeps others from doing."""

from __future__ import annotations

from typing import Any

from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _
from wagtail.models import get_page_models

from audience.models import Audience
from content.models import PortalDocument, PortalPage


@receiver(pre_delete, sender=Audience)
def audience_in_use(instance: Audience, **kwargs: Any) -> None:
    """Retired, never deleted while used: without one of its audiences, a page would be open to more readers."""
    models = [model for model in get_page_models() if issubclass(model, PortalPage)]
    for model in [*models, PortalDocument]:
        if used := set(model.objects.filter(audiences=instance)[:20]):
            raise ProtectedError(_("Pages or documents carry this audience: retire it instead."), used)
