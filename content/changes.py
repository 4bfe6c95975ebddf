"""What is new in the portal itself, dated, for its readers and for its editors."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import TranslatableMixin
from wagtail.snippets.models import register_snippet

MOST = 60  # rows read: as many changes in one language


class Reach(models.TextChoices):
    """Whom a change is told to. What is for readers is for editors too."""

    READERS = "readers", _("Readers and editors")
    EDITORS = "editors", _("Editors only, in the admin")


def today() -> date:
    day: date = timezone.localdate()
    return day


@register_snippet
class PortalChange(TranslatableMixin, models.Model):
    """One thing that is new, in each language in which it was written."""

    day = models.DateField(_("day"), default=today)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=800, blank=True)
    reach = models.CharField(_("told to"), max_length=10, choices=Reach.choices, default=Reach.READERS)

    panels = [
        FieldRowPanel([FieldPanel("day"), FieldPanel("reach")]),
        FieldPanel("title"),
        FieldPanel("text"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("change of the portal")
        verbose_name_plural = _("changes of the portal")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.title}"

    @property
    def language(self) -> str:
        code: str = self.locale.language_code
        return code


def changes(*, language: str, for_editors: bool = False, most: int = MOST) -> list[PortalChange]:
    """Return the newest changes, each once, in `language` or else in the portal's first: one query."""
    told = Reach.values if for_editors else [Reach.READERS]
    rows = PortalChange.objects.select_related("locale").filter(
        reach__in=told, locale__language_code__in={language, settings.LANGUAGE_CODE}
    )
    spoken: dict[object, PortalChange] = {}
    for row in rows.order_by("-day", "-pk")[:MOST]:
        kept = spoken.get(row.translation_key)
        if kept is None or row.language == language:
            spoken[row.translation_key] = row
    return list(spoken.values())[:most]
