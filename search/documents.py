"""Documents are records that also demand all that their collections do."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Collection, CollectionViewRestriction

from audience.demands import Clauses
from content.models import PortalDocument
from search.locks import STEP, lock_collections
from search.projection import restriction_clauses
from search.records import project_record, register, type_of


def document_type() -> ContentType:
    """Return the content type of documents' entries."""
    return type_of(PortalDocument)


def _with_above(path: str) -> set[str]:
    return {path[:end] for end in range(STEP, len(path) + 1, STEP)}


def _share_collections(document: PortalDocument) -> None:
    # Shared: privacy being set on one of its collections meanwhile waits, or is read.
    lock_collections(_with_above(document.collection.path), mine=False)


def _asked_by_collections(document: PortalDocument) -> Iterator[Clauses]:
    collections = document.collection.get_ancestors(inclusive=True)
    for restriction in CollectionViewRestriction.objects.filter(collection__in=collections):
        clauses = restriction_clauses(restriction, unlocks="collection")
        if clauses is not None:
            yield clauses


register(PortalDocument, demands=_asked_by_collections, hold=_share_collections)


@transaction.atomic
def project_documents_of(collection: Collection) -> None:
    """Bring every document of `collection` and of those below it in line."""
    collection = Collection.objects.get(pk=collection.pk)  # the one given may not stand there any more
    lock_collections(_with_above(collection.path) - {collection.path}, mine=False)
    lock_collections({collection.path}, mine=True)
    below = collection.get_descendants(inclusive=True)
    for pk in PortalDocument.objects.filter(collection__in=below).values_list("pk", flat=True):
        project_record(PortalDocument, pk)
