"""The portal as in production, served on loopback without TLS, and saying whether a body was shared."""

import os

from portal.settings.production import *

# Wagtail's own Manifest storage, without compression: the bench serves pages, not files.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
STATIC_ROOT = os.environ["PARVIS_STATIC_ROOT"]
SECURE_SSL_REDIRECT = False
MIDDLEWARE = ["bench.probe.SharedOrMade", *MIDDLEWARE]
