"""Names that an institution gives itself, in two languages and in an order of its own."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel


class OrderedName(models.Model):
    """A name among others; a new one comes last, and its editors drag it where they want it."""

    name = models.CharField(_("name in French"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0, editable=False)

    panels = [FieldPanel("name"), FieldPanel("name_en")]

    class Meta:
        abstract = True
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.order:
            last = type(self)._default_manager.aggregate(last=models.Max("order"))["last"]
            self.order = (last or 0) + 1  # two of one place could not be told apart by dragging
        super().save(*args, **kwargs)

    def label_in(self, language: str) -> str:
        return self.name_en if self.name_en and not language.startswith("fr") else self.name

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.label_in(get_language() or "fr")
