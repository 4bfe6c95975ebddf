"""Production: what must be given, and it fails loudly. docs/operate.md explains each variable."""

import os
from pathlib import Path

from portal import env
from portal.settings.base import *

DEBUG = False
SECRET_KEY = env.required("PARVIS_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("PARVIS_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.required("PARVIS_HOSTS").split(",")
DATABASES = {"default": env.database(env.required("PARVIS_DATABASE_URL"))}
WAGTAILADMIN_BASE_URL = env.required("PARVIS_BASE_URL")
CSRF_TRUSTED_ORIGINS = env.words("PARVIS_TRUSTED_ORIGINS", WAGTAILADMIN_BASE_URL)
MEDIA_ROOT = Path(env.required("PARVIS_MEDIA_ROOT"))
PRIVATE_ROOT = Path(env.required("PARVIS_PRIVATE_ROOT"))

_mail = env.mail("PARVIS_EMAIL_URL")
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.host, _mail.port, _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.ssl
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("PARVIS_EMAIL_FROM") or f"portail@{ALLOWED_HOSTS[0]}"
PARVIS_ADDRESS_HEADER = "HTTP_X_REAL_IP"

OIDC_ISSUER = env.required("OIDC_ISSUER")
OIDC_RP_CLIENT_ID = env.required("OIDC_RP_CLIENT_ID")
OIDC_RP_CLIENT_SECRET = env.required("OIDC_RP_CLIENT_SECRET")

if redis := os.environ.get("PARVIS_REDIS_URL"):
    CACHES = {"default": {"BACKEND": "search.cache.ForgivingRedisCache", "LOCATION": redis}}
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # the other hosts of the institution's domain are not ours to speak for
    "security.W019",  # Wagtail shows previews of the portal's own pages in a frame
    "security.W021",  # nor is the preload list
]
