"""What is true everywhere. `demo`, `test` and `production` say the rest."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from portal import env

BASE_DIR = Path(__file__).resolve().parents[3]

INSTALLED_APPS = [
    "home",
    "sections",
    "directory",
    "services",
    "guidance",
    "events",
    "news",
    "accounts",
    "search",
    "content",
    "audience",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.redirects",
    "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.locales",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "portal.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.OwnFormsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.recheck.RecheckMiddleware",
    "audience.middleware.ReaderMiddleware",
    "content.sites.SiteMiddleware",
    "audience.see_as.SeeAsMiddleware",
    "search.middleware.VisibleRedirectMiddleware",
    "search.middleware.SharedBodyMiddleware",
    "search.admin_guard.AdminGuardMiddleware",
    "portal.middleware.AdminTransactionMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "search.context_processors.portal",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The first language's addresses carry no prefix, others stand under /en/, /es/. Another language is a line here, a
# catalogue in locale/, and a locale in the admin (docs/operate.md).
LANGUAGE_CODE = "fr"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("fr", _("French")),
    ("en", _("English")),
    ("es", _("Spanish")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [(code, LANG_INFO[code]["name_local"].capitalize()) for code, _name in LANGUAGES]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Images are public and served from here; documents are not, so they lie elsewhere (content.models.PortalDocument).
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"
PRIVATE_ROOT = BASE_DIR / "private"
PARVIS_SERVES_MEDIA = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "documents": {"BACKEND": "content.storage.PrivateStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}}
SESSION_ENGINE = "accounts.session_store"  # a cache of one process would not see what another writes
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "search.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

EMAIL_TIMEOUT = 5  # seconds: a reader waits while their message leaves
DEFAULT_FROM_EMAIL = SERVER_EMAIL = "portail@localhost"


def _sender() -> str:
    from home.contact.letters import sender

    return sender()


# What the admin sends (to proofread, published, refused) comes from the portal by its name, which is in its settings.
WAGTAILADMIN_NOTIFICATION_FROM_EMAIL = lazy(_sender, str)()
# The header in which the web server in front gives the reader's network address; none: the connection's own.
PARVIS_ADDRESS_HEADER = ""

# What asks for /health/metrics gives it as `Authorization: Bearer KEY`; none: there are no figures.
PARVIS_METRICS_KEY = os.environ.get("PARVIS_METRICS_KEY", "")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows previews of its own pages in a frame
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": [],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "portal.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "portal.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # The address of a page that is not there may hold what a reader typed; the server's own access log is enough.
    # Wagtail's log lines carry the titles of pages, reserved ones too.
    "loggers": {
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},  # two lines a second, worked or not
        "elastic_transport": {"level": "WARNING"},  # a line a request
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
    },
}

WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAILIMAGES_IMAGE_MODEL = "content.PortalImage"
WAGTAILDOCS_DOCUMENT_MODEL = "content.PortalDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "content.forms.DocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ics", "key", "odp", "ods", "odt", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 40 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# Readers' search: the database's own full text, or Elasticsearch where the environment says where it is.
PARVIS_ELASTICSEARCH = {
    "url": os.environ.get("ELASTICSEARCH_URL", ""),
    "user": os.environ.get("ELASTICSEARCH_USER", ""),
    "password": os.environ.get("ELASTICSEARCH_PASSWORD", ""),
    "api_key": os.environ.get("ELASTICSEARCH_API_KEY", ""),
    "ca": os.environ.get("ELASTICSEARCH_CA", ""),
    "prefix": os.environ.get("ELASTICSEARCH_PREFIX", "parvis"),
}
PARVIS_SEARCH_ENGINE = "elasticsearch" if PARVIS_ELASTICSEARCH["url"] else "database"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_MODERATION_ENABLED = True
WAGTAILREDIRECTS_AUTO_CREATE = True

# Who the portal stands for, until `manage.py start_portal` or an administrator says so.
PARVIS_NAME = WAGTAIL_SITE_NAME = "Parvis"
PARVIS_INSTITUTION = ""

# Claim names for each attribute, the first that is present is read (SUPANN first, then the snake_case of federations).
PARVIS_CLAIMS = {
    "affiliation": ["eduPersonAffiliation", "eduperson_affiliation", "affiliation"],
    "unit": ["supannEntiteAffectation", "supann_entite_affectation"],
    "level": ["supannEtuCursusAnnee", "supann_etu_cursus_annee"],
    "formation": ["supannEtuDiplome", "supann_etu_diplome"],
    "step": ["supannEtuEtape", "supann_etu_etape"],
    "regime": ["supannEtuRegimeInscription", "supann_etu_regime_inscription"],
    "corps": ["supannEmpCorps", "supann_emp_corps"],
    "role": ["supannRoleGenerique", "supann_role_generique"],
    "entitlement": ["eduPersonEntitlement", "eduperson_entitlement", "roles"],
    "group": ["isMemberOf", "memberOf", "groups"],
    "campus": ["supannEtablissementSite", "campus"],
    "enrolment": ["supannEtuInscription", "supann_etu_inscription"],
    "post": ["supannEmpProfil", "supann_emp_profil"],
}
# Kept for each known reader even when no rule reads them; the rest is kept only while a rule does.
PARVIS_KEPT_ATTRIBUTES = ["affiliation", "unit", "level", "formation", "regime", "corps"]

# Sign-in (accounts): only through the provider. Its addresses are discovered from OIDC_ISSUER; those given here win.
AUTHENTICATION_BACKENDS = ["accounts.oidc.OIDCBackend"]
# The way in when the provider is lost for long: a form for the password of a superuser (docs/identity.md). Off.
PARVIS_BREAK_GLASS = os.environ.get("PARVIS_BREAK_GLASS", "") == "1"
if PARVIS_BREAK_GLASS:
    AUTHENTICATION_BACKENDS += ["accounts.break_glass.BreakGlassBackend"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/oidc/authenticate/"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
OIDC_OP_AUTHORIZATION_ENDPOINT = os.environ.get("OIDC_OP_AUTHORIZATION_ENDPOINT", "")
OIDC_OP_TOKEN_ENDPOINT = os.environ.get("OIDC_OP_TOKEN_ENDPOINT", "")
OIDC_OP_USER_ENDPOINT = os.environ.get("OIDC_OP_USER_ENDPOINT", "")
OIDC_OP_JWKS_ENDPOINT = os.environ.get("OIDC_OP_JWKS_ENDPOINT", "")
OIDC_OP_LOGOUT_ENDPOINT = os.environ.get("OIDC_OP_LOGOUT_ENDPOINT", "")
OIDC_RP_SIGN_ALGO = os.environ.get("OIDC_RP_SIGN_ALGO", "RS256")
OIDC_RP_SCOPES = os.environ.get("OIDC_RP_SCOPES", "openid profile email")
OIDC_TOKEN_USE_BASIC_AUTH = os.environ.get("OIDC_TOKEN_USE_BASIC_AUTH", "") == "1"
OIDC_TIMEOUT = 5  # seconds
OIDC_LEEWAY = 60  # seconds by which the provider's clock may differ
# Whether someone new at one provider, by an e-mail that it has verified, is who another knows by it.
OIDC_LINK_VERIFIED_EMAIL = os.environ.get("OIDC_LINK_VERIFIED_EMAIL", "") == "1"
# Seconds after which a signed-in reader is asked for again at the provider, without a word; 0: never.
OIDC_RECHECK_AGE = int(os.environ.get("OIDC_RECHECK_AGE", "900"))
# Values of eduPersonEntitlement or isMemberOf whose holders are in the group “Administration”.
PARVIS_ADMIN_ENTITLEMENTS = env.words("PARVIS_ADMIN_ENTITLEMENTS")
# There is no password: Wagtail's forms for them answer nothing.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
