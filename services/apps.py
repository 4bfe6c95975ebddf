from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = _("Services")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from search.shared import endless, parameters, providers
        from services.catalogue import code, family_number, scope_word, view_word
        from services.states import service_tools

        parameters.update({"by": view_word, "for": scope_word, "family": family_number, "unit": code})
        endless.update({"family", "unit"})
        providers["service_tools"] = service_tools
