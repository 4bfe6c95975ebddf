"""What readers answered, in the editor of a guidance page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.admin.panels import Panel

from guidance.answers import Answer, Reason

SHOWN, DAYS = 5, 365


class UsefulnessPanel(Panel):
    """How many readers found the page useful in a year, why others did not, and whether it is time to review it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "guidance/admin/usefulness_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            answers: list[Answer] = []
            if self.instance.pk:
                since = timezone.now() - timedelta(days=DAYS)
                answers = list(Answer.objects.filter(page=self.instance.pk, hour__gte=since))
            reasons = [(Reason(value).label, sum(one.reason == value for one in answers)) for value in Reason.values]
            return context | {
                "page": self.instance,
                "yes": sum(one.useful for one in answers),
                "no": sum(not one.useful for one in answers),
                "reasons": [(label, number) for label, number in reasons if number],
                "words": [one for one in answers if one.words][:SHOWN],
            }
