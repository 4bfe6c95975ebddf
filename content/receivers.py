"""What content keeps others from doing."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import ProtectedError
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex, get_page_models

from audience.models import Audience
from content.models import PortalImage, PortalPage
from content.quality import is_written
from content.records import Record
from content.services import judge, judge_all
from content.signals import page_saved


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


@receiver(page_saved)
def page_changed(sender: type[PortalPage], pk: int, **kwargs: Any) -> None:
    """Judge a page again, as the database has it: what is being saved may hold more than was written."""
    if is_written(sender):
        judge(sender.objects.get(pk=pk))


@receiver(post_save, sender=PortalImage)
def image_described(instance: PortalImage, created: bool, **kwargs: Any) -> None:
    """An image that is described at last is so on every page that shows it."""
    if not created:
        used = ReferenceIndex.get_references_to(instance).values_list("base_content_type", "object_id")
        pages = {int(pk) for content_type, pk in used if content_type == ContentType.objects.get_for_model(Page).pk}
        for _page in judge_all(sorted(pages)):
            pass
