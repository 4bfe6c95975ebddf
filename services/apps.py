from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = _("Services")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from search.shared import providers
        from services.states import service_tools

        providers["service_tools"] = service_tools
