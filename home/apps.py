from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audience.holdings import Holding, holdings
        from home import signals  # noqa: F401  # connects its receivers
        from home.first import erase_first, export_first, greeting, order_key
        from home.models import Alert
        from search.records import register
        from search.shared import depends, providers

        register(Alert, parts=("audiences", "places"))
        depends.append(order_key)
        providers["greeting"] = greeting
        holdings["home_first"] = Holding(_("Which of your statuses comes first on home"), export_first, erase_first)
