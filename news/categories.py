"""Categories of news, and how lists and cards ask for them: all at once, read again when content changes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet

from audience.names import Named
from audience.version import Kept, Version, current_version

ANNOUNCEMENTS = "announcements"  # asked where a category is: the announcements of a list, which have none
NOTHING = "-"  # what a category is called that does not exist, or holds nothing for the reader


@register_snippet
class NewsCategory(Named, models.Model):
    """What sort of news it is: campus life, research, administration …"""

    slug = models.SlugField(
        _("identifier"),
        max_length=60,
        unique=True,
        blank=True,
        help_text=_("Stands in the address of its list and of its feed. Made of the name if left empty."),
    )
    name = models.CharField(_("name in French"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)

    panels = [FieldPanel("name"), FieldPanel("name_en"), FieldPanel("slug")]

    class Meta:
        verbose_name = _("news category")
        verbose_name_plural = _("news categories")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or self._free_slug()
        super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        base = slugify(self.name)[:50] or "category"
        taken = set(NewsCategory.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)

    def clean(self) -> None:
        if self.slug == ANNOUNCEMENTS:
            raise ValidationError({"slug": _("Announcements stand at this address already: choose another.")})


_categories = Kept(lambda: NewsCategory.objects.in_bulk())


def categories_at(version: Version) -> dict[int, NewsCategory]:
    """Return all categories by id, in the order of their names, as of a content version; a process keeps the newest."""
    return _categories.at(version)


def asked_category(given: str, version: Version | None = None) -> str:
    """Return the category an address asks for: the slug of one that exists, ANNOUNCEMENTS, "" for none, or NOTHING."""
    if not given or given == ANNOUNCEMENTS:
        return given
    known = categories_at(version or current_version())
    return given if any(category.slug == given for category in known.values()) else NOTHING
