"""Addresses of the sections room, in each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from sections import views

urlpatterns = [
    path(_("announcements/"), views.mine, name="announcements"),
    path(_("announcements/new/"), views.new, name="announcement_new"),
    path(_("announcements/<int:pk>/"), views.edit, name="announcement_edit"),
    path(_("announcements/<int:pk>/withdraw/"), views.take_back, name="announcement_withdraw"),
]
