from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import attempts, checks  # noqa: F401  # registers the system checks
        from accounts.visits import erase_visits, export_visits, new_mark, visit_mark
        from audience.holdings import Holding, holdings
        from content.blocks.house import COOKIES, Cookie
        from search.shared import marks

        purpose = _("Brings you back, after you signed in, to the page you came from. Erased then.")
        COOKIES.append(Cookie(f"{attempts.PREFIX}…", purpose, attempts.LIFETIME))
        marks["visit"], marks["new"] = visit_mark, new_mark
        holdings["visits"] = Holding(_("When your last two visits began"), export_visits, erase_visits)
