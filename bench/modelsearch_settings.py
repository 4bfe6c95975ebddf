"""The same portal, with Wagtail's own search on Elasticsearch as a second backend: what is compared."""

from bench.settings import *

WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False},
    "elasticsearch": {
        "BACKEND": "modelsearch.backends.elasticsearch8",
        "URLS": PARVIS_ELASTICSEARCH["url"].split(","),
        "INDEX_PREFIX": "modelsearch_",
        "AUTO_UPDATE": False,
        "TIMEOUT": 60,
    },
}
