"""Addresses of the contact form, in each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from home.contact import views

urlpatterns = [
    path(_("contact/"), views.contact, name="contact"),
    path(_("contact/sent/"), views.sent, name="contact_sent"),
]
