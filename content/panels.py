"""Panels and widgets of the page editor."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.utils.functional import cached_property
from wagtail.admin.panels import MultiFieldPanel

from audience.models import Kind
from audience.sentences import understood


class AudienceChecks(forms.CheckboxSelectMultiple):
    """Audiences as boxes, kind by kind: tags of one kind are alternatives, kinds add up."""

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"class": "audience-checks", **(attrs or {})}, **kwargs)

    def optgroups(self, name: str, value: Any, attrs: dict[str, Any] | None = None) -> list[Any]:
        by_kind: dict[str, list[Any]] = defaultdict(list)
        for _group, options, _index in super().optgroups(name, value, attrs):
            for option in options:
                by_kind[option["value"].instance.kind].append(option)
        for options in by_kind.values():
            options.sort(key=lambda option: option["value"].instance.sort_key)
        shown = [(Kind(kind).label, by_kind[kind]) for kind in Kind.values if kind in by_kind]
        return [(label, options, index) for index, (label, options) in enumerate(shown)]


class AudiencePanel(MultiFieldPanel):
    """The audience fields, with the sentence understood and how many known readers it reaches."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "content/admin/audience_panel.html"

        @cached_property
        def sentence(self) -> str:
            page = self.instance
            return understood(access=page.access, audiences=list(page.audiences.all()))

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"sentence": self.sentence}
