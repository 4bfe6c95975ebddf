from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audience.holdings import Holding, holdings
        from home import (
            signals,  # noqa: F401  # connects its receivers
            stars,
        )
        from home.favourites import erase_favourites, export_favourites
        from home.first import erase_first, export_first, greeting, order_key
        from home.models import Alert
        from search.records import register
        from search.shared import depends, marks, providers

        register(Alert, parts=("audiences", "places"))
        depends.append(order_key)
        marks.update({"star": stars.star_mark, "stars": stars.stars_form, "keep_these": stars.offer_mark})
        providers.update(
            {
                "greeting": greeting,
                "favourites": stars.favourites_card,
                "favourite_outages": stars.favourite_outages,
            }
        )
        holdings["home_first"] = Holding(_("Which of your statuses comes first on home"), export_first, erase_first)
        holdings["favourites"] = Holding(_("Your favourites, in your order"), export_favourites, erase_favourites)
