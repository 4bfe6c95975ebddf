"""The units of the institution."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel


class Unit(models.Model):
    """A faculty, department, laboratory or office, under its SUPANN code (supannCodeEntite)."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )

    email = models.EmailField(
        _("address for messages"),
        blank=True,
        help_text=_("Messages of the contact form that concern a page of this unit go there."),
    )

    panels = [
        FieldPanel("code"),
        FieldPanel("name"),
        FieldPanel("acronym"),
        FieldPanel("parent"),
        FieldPanel("email"),
    ]

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": _("A unit cannot belong to itself.")})
            above = above.parent
