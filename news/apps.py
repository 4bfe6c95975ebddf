from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audience.holdings import Holding, holdings
        from news import signals  # noqa: F401  # connects its receivers
        from news.categories import asked_category
        from news.openings import erase_openings, export_openings
        from search.shared import parameters

        parameters["category"] = asked_category
        holdings["announcements_opened"] = Holding(
            _("Which announcements you opened, while they last"), export_openings, erase_openings
        )
