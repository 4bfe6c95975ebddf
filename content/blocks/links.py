"""Blocks that lead to pages, documents and services: they hold what an editor chose, never what a reader may see."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from content.blocks.samples import sample_documents, sample_pages, sample_service
from content.targets import Links

LINKS = _("Links and files")
Context = dict[str, Any]


class PagesBlock(blocks.ListBlock):
    """Pages the editor chose; `search` turns them into entries for the reader when they are shown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(blocks.PageChooserBlock(label=_("Page")), **{"min_num": 1, "max_num": 12, **kwargs})

    class Meta:
        icon = "link"
        label = _("Related pages")
        group = LINKS
        description = _("Pages of the portal, as cards. Each reader sees those that they may open.")
        template = "content/blocks/pages.html"

    def is_shown(self, value: Any, links: Links) -> bool:
        return any(page is not None and page.pk in links.get("page", {}) for page in value)

    def get_preview_value(self) -> Any:
        return self.normalize([page for page, _entry in sample_pages()])

    def get_preview_context(self, value: Any, parent_context: Context | None = None) -> Context:
        return {**(parent_context or {}), "links": {"page": {page.pk: entry for page, entry in sample_pages()}}}


class DocumentsBlock(blocks.ListBlock):
    """Documents the editor chose; shown as entries, so a document reserved for others stays unknown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(DocumentChooserBlock(label=_("Document")), **{"min_num": 1, "max_num": 30, **kwargs})

    class Meta:
        icon = "doc-full"
        label = _("Documents, files to download")
        group = LINKS
        description = _("Files of the portal, each with its type and size. Each reader sees those that they may open.")
        template = "content/blocks/documents.html"

    def is_shown(self, value: Any, links: Links) -> bool:
        return any(document is not None and document.pk in links.get("document", {}) for document in value)

    def get_preview_value(self) -> Any:
        return self.normalize([document for document, _entry in sample_documents()])

    def get_preview_context(self, value: Any, parent_context: Context | None = None) -> Context:
        return {**(parent_context or {}), "links": {"document": {one.pk: entry for one, entry in sample_documents()}}}


class ServiceBlock(blocks.PageChooserBlock):
    """A service of the catalogue, with its state; another room’s page type, so it is named as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"page_type": "services.ServicePage", **kwargs})

    class Meta:
        icon = "cogs"
        label = _("Service")
        group = LINKS
        description = _("A service of the catalogue, as a card that tells its state and opens it.")
        template = "content/blocks/service.html"

    def is_shown(self, value: Any, links: Links) -> bool:
        return value is not None and value.pk in links.get("page", {})

    def get_preview_value(self) -> Any:
        return sample_service()[0]

    def get_preview_context(self, value: Any, parent_context: Context | None = None) -> Context:
        page, entry = sample_service()
        return {**(parent_context or {}), "links": {"page": {page.pk: entry}}}
