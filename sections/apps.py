from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SectionsConfig(AppConfig):
    name = "sections"
    verbose_name = _("Sections")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from search.shared import providers
        from sections.own import announcement_tools, news_tools

        providers["announcement"] = announcement_tools
        providers["news_tools"] = news_tools
