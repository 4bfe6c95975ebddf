"""Addresses of the services room, in each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from services import views

urlpatterns = [path(_("service-state/<uuid:key>/"), views.state, name="service_state")]
