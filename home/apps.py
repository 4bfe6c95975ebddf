from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from home import signals  # noqa: F401  # connects its receivers
        from home.models import Alert
        from search.records import register

        register(Alert, parts=("audiences", "places"))
