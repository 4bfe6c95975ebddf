"""Every address of the portal."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve as serve_file
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.views import serve

from accounts import urls as accounts_urls
from audience import urls as audience_urls
from home import urls as home_urls
from home.contact import urls as contact_urls
from home.installable import urls as installable_urls
from portal import health, metrics
from search import urls as search_urls
from search.password import authenticate_with_password
from search.sitemaps import sitemap
from sections import urls as sections_urls
from services import urls as services_urls

# The demonstration hands out its images itself; in production the web server does (docs/operate.md).
media = (
    [path("media/<path:path>", serve_file, {"document_root": settings.MEDIA_ROOT})]
    if settings.PARVIS_SERVES_MEDIA
    else []
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("health/metrics", metrics.metrics),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", health.robots),
    path("", include(accounts_urls)),
    *home_urls.anywhere,
    path("", include(installable_urls)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        authenticate_with_password,
        name="wagtailcore_authenticate_with_password",
    ),
    *media,
    *i18n_patterns(
        *accounts_urls.localized,
        path("", include(audience_urls)),
        path("", include(search_urls)),
        path("", include(services_urls)),
        path("", include(contact_urls)),
        path("", include(home_urls)),
        path("", include(sections_urls)),
        # Pages and their calendars only: the rest of Wagtail's own addresses (passwords, sign-in) would answer a
        # second time under /en/, unguarded.
        re_path(r"^((?:[\w\-]+/)*(?:[\w\-]+\.ics)?)$", serve, name="wagtail_serve"),
        prefix_default_language=False,
    ),
]

handler404 = "search.errors.not_found"
handler403 = "search.errors.forbidden"
handler500 = "home.views.failed"
