from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Agenda")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from events.campuses import known_campus
        from events.filters import EventKind
        from search.shared import parameters

        parameters["past"] = lambda given: given == "1"
        parameters["kind"] = lambda given: given if given in EventKind.values else ""
        parameters["campus"] = known_campus
