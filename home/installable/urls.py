"""Addresses of the portal as an application, outside the languages: the same answers for everyone."""

from django.urls import path

from home.installable import views

urlpatterns = [
    path("favicon.ico", views.favicon),
    path("sw.js", views.worker, name="worker"),
    path("_portal/accent.<slug:version>.css", views.accent, name="portal_accent"),
    path("_portal/front.<slug:version>.svg", views.front, name="portal_front"),
    path("_portal/icon-<slug:name>.<slug:version>", views.icon, name="portal_icon"),
    path("_portal/manifest.<slug:language>.webmanifest", views.web_manifest, name="manifest"),
    path("_portal/offline.<slug:language>", views.offline, name="offline"),
]
