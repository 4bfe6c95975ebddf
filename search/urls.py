"""Addresses of the search room, in each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from search import views

urlpatterns = [
    path(_("search/"), views.results, name="search"),
    path("search.json", views.results_json, name="results_json"),
    path("suggestions.json", views.suggestions, name="suggestions"),
    path("search-opened", views.opened, name="search_opened"),
    path("opensearch.xml", views.description, name="opensearch"),
    path(_("plan/"), views.plan, name="plan"),
    path(_("a-to-z/"), views.letters, name="letters"),
]
