"""The same portal, with Wagtail's own search on Elasticsearch as a second backend: what is compared.

The portal has Wagtail index titles and summaries alone, as it searches by entries; here it indexes bodies too, so that
both take in the same text.
"""

from bench.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "bench.bodies.Bodies"]
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
