"""Panels of the rule editor."""

from __future__ import annotations

from wagtail.admin.panels import Panel


class CountPanel(Panel):
    """How many known readers match the conditions as they stand; the script in static/admin asks as one types."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "audience/admin/count_panel.html"
