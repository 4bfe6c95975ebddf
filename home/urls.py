"""Addresses of the home room: `urlpatterns` in each language, `anywhere` outside the languages."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from home import favourite_views, first, views
from home.styleguide.views import styleguide

anywhere = [path("alertes/urgence/<str:language>", views.urgent, name="urgent")]

urlpatterns = [
    path(_("alerts/"), views.alerts, name="alerts"),
    path(_("alerts/hide/"), views.hide, name="hide_alert"),
    path(_("emergency/"), views.publish_emergency, name="emergency"),
    path(_("home/first/"), first.choose, name="home_first"),
    path(_("get-help/"), views.help_with, name="help"),
    path("styleguide/", styleguide, name="styleguide"),
    path(_("favourites/"), favourite_views.page, name="favourites"),
    path(_("favourites/star/"), favourite_views.star, name="favourites_star"),
    path(_("favourites/keep/"), favourite_views.keep, name="favourites_keep"),
    path(_("favourites/order/"), favourite_views.order, name="favourites_order"),
]
