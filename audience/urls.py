"""Addresses of the audience room, in each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from audience import see_as

urlpatterns = [path(_("see-as/"), see_as.see_as, name="see_as")]
