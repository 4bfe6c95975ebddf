"""The portal of the test that kills its parts: as in production where it matters, and able to publish when asked."""

import os

from portal.settings.test import *

ROOT_URLCONF = "tests.search.elasticsearch.killing.urls"
PARVIS_SEARCH_ENGINE = "elasticsearch"
PARVIS_ELASTICSEARCH = {
    **PARVIS_ELASTICSEARCH,
    "url": os.environ["ELASTICSEARCH_URL"],
    "prefix": os.environ["ELASTICSEARCH_PREFIX"],
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Wagtail's own index, which its worker writes elsewhere, rewrites the norms of all rows and deadlocks with itself.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}
