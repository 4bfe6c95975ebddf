"""Tests: no cache hides a query, tasks run at once, nothing leaves the machine."""

import os
import tempfile
from pathlib import Path

from portal import env
from portal.settings.base import *

_FILES = Path(tempfile.gettempdir()) / f"parvis-test-{os.getpid()}"

DEBUG = False
SECRET_KEY = "tests only"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {"default": env.database(os.environ.get("PARVIS_DATABASE_URL", "sqlite:////tmp/parvis-test.sqlite3"))}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
SESSION_ENGINE = "accounts.session_store"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": {"BACKEND": "content.storage.PrivateStorage"},
}
MEDIA_ROOT = _FILES / "media"
PARVIS_SERVES_MEDIA = True
PRIVATE_ROOT = _FILES / "private"
WHITENOISE_AUTOREFRESH = True

PARVIS_INSTITUTION = "Université de Valmont"

OIDC_ISSUER = "http://127.0.0.1:9"
OIDC_RP_CLIENT_ID = "parvis"
OIDC_RP_CLIENT_SECRET = "tests only"

# Each process of the tests has indices of its own; most tests search the database.
PARVIS_SEARCH_ENGINE = "database"
PARVIS_ELASTICSEARCH = {**PARVIS_ELASTICSEARCH, "prefix": f"test-{os.getpid()}"}
