"""The demonstration: everything on this machine, nothing to configure."""

import os
import secrets
from pathlib import Path

from portal import env
from portal.settings.base import *
from portal.settings.base import BASE_DIR
from portal.settings.base import MIDDLEWARE as _BARE

DEMO_DIR = Path(os.environ.get("PARVIS_DEMO_DIR", BASE_DIR / ".demo"))
DEMO_DIR.mkdir(exist_ok=True)


def _kept_secret() -> str:
    """Return a secret key made at the first start and kept, so that a restart signs nobody out."""
    path = DEMO_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


DEBUG = False
SECRET_KEY = _kept_secret()
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {"default": env.database(os.environ.get("PARVIS_DATABASE_URL", f"sqlite:///{DEMO_DIR / 'parvis.sqlite3'}"))}
MEDIA_ROOT = DEMO_DIR / "media"
PARVIS_SERVES_MEDIA = True
PRIVATE_ROOT = DEMO_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": {"BACKEND": "content.storage.PrivateStorage"},
}
WHITENOISE_USE_FINDERS = True
# No web server stands in front to compress: pages and files are, here. Django pads pages by a random length, and masks
# its token anew in each, so that their length tells nothing of what they hold (BREACH).
_AT = _BARE.index("whitenoise.middleware.WhiteNoiseMiddleware")
MIDDLEWARE = [*_BARE[:_AT], "django.middleware.gzip.GZipMiddleware", *_BARE[_AT:]]
WAGTAILADMIN_BASE_URL = os.environ.get("PARVIS_BASE_URL", "http://127.0.0.1:8000")

PARVIS_INSTITUTION = "Université de Valmont"

# Letters are written to files, one a message, for who tries the demonstration to read.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DEMO_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = "portail@valmont.example"

OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "http://127.0.0.1:9400")
OIDC_RP_CLIENT_ID = os.environ.get("OIDC_RP_CLIENT_ID", "parvis")
OIDC_RP_CLIENT_SECRET = os.environ.get("OIDC_RP_CLIENT_SECRET", "demonstration")
PARVIS_ADMIN_ENTITLEMENTS = ["urn:valmont:parvis:admin"]
