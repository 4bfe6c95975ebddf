from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidanceConfig(AppConfig):
    name = "guidance"
    verbose_name = _("Guidance")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guidance import signals  # noqa: F401  # connects its receivers
        from guidance.lists import known_audience
        from guidance.needs import known_need
        from guidance.views import question
        from search.shared import parameters, providers

        parameters["need"] = known_need
        parameters["audience"] = known_audience
        providers["useful"] = question
