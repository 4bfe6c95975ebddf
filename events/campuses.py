"""The campuses of the institution, where events are held."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from audience.version import touch
from content.ordered import OrderedName

LONGEST_SLUG = 40


class Campus(OrderedName):
    """A campus, in the order in which its institution names them."""

    # What addresses and entries name it by: it stays when the name changes.
    slug = models.SlugField(max_length=LONGEST_SLUG, unique=True, editable=False)

    class Meta(OrderedName.Meta):
        verbose_name = _("campus")
        verbose_name_plural = _("campuses")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            slug = slugify(self.name)[: LONGEST_SLUG - 3] or "campus"
            taken = set(Campus.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
            self.slug = next(one for one in (slug, *(f"{slug}-{n}" for n in range(2, 100))) if one not in taken)
        super().save(*args, **kwargs)


class CampusViewSet(SnippetViewSet):
    model = Campus
    icon = "home"
    sort_order_field = "order"
    list_display: list[Any] = ["name", "name_en"]


register_snippet(CampusViewSet)


@receiver([post_save, post_delete], sender=Campus)
def campuses_changed(raw: bool = False, **kwargs: Any) -> None:
    """Pages show their names, lists and searches offer them."""
    if not raw:
        touch(reference=True)


def known_campus(given: str) -> str:
    """Return the identifier of a campus as an address gives it; of one that is not, nothing."""
    if not given or "\0" in given or len(given) > LONGEST_SLUG:  # PostgreSQL refuses to be asked for a NUL
        return ""
    return given if Campus.objects.filter(slug=given).exists() else ""
