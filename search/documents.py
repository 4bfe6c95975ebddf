"""Documents become entries: what they say, and all that their audiences and their collections demand."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction

from audience.demands import audience_clauses, demand_id, own_clauses, visibility_id
from audience.models import Audience
from audience.version import touch
from content.models import PortalDocument
from search.index import write_index
from search.languages import every_language
from search.locks import STEP, lock_collections
from search.models import Entry, EntryText
from search.projection import restriction_clauses


def document_type() -> ContentType:
    """Return the content type of documents' entries."""
    return ContentType.objects.get_for_model(PortalDocument)


@transaction.atomic
def project_document(pk: int) -> None:
    """Bring the entry of document `pk` in line with the database."""
    document = PortalDocument.objects.select_related("collection").filter(pk=pk).first()
    if document is not None:
        # Shared: privacy being set on one of its collections meanwhile waits, or is read.
        lock_collections(_with_above(document.collection.path), mine=False)
        Entry.objects.select_for_update().filter(content_type=document_type(), object_id=pk).first()
        document = PortalDocument.objects.select_related("collection").filter(pk=pk).first()
    if document is None:
        Entry.objects.filter(content_type=document_type(), object_id=pk).delete()
        touch()
        return
    said, demands = document.entry(), set()
    clauses = own_clauses(document.access, document.audiences.all())
    if clauses is not None:
        demands.add(demand_id(clauses))
    collections = document.collection.get_ancestors(inclusive=True)
    for restriction in CollectionViewRestriction.objects.filter(collection__in=collections):
        clauses = restriction_clauses(restriction, unlocks="collection")
        if clauses is not None:
            demands.add(demand_id(clauses))
    seen = visibility_id(demands)
    audiences = list(document.audiences.all())
    fields = {
        "kind": said.kind, "title": said.title, "language": document.language, "shown_in": every_language(),
        "url": reverse("wagtaildocs_serve", args=[document.pk, document.filename]), "unit_id": said.unit_id,
        "published_at": said.published_at, "extra": said.extra, "withdrawn": False, "stated_id": seen,
        "own_demand_id": seen, "visibility_id": seen, "is_reserved": bool(demands),
        "recommendation_id": demand_id(audience_clauses(audiences)) if audiences else None,
    }  # fmt: skip
    entry, made = Entry.objects.get_or_create(content_type=document_type(), object_id=pk, defaults=fields)
    if not made:
        for name, value in fields.items():
            setattr(entry, name, value)
        entry.version += 1
        entry.save()
    EntryText.objects.get_or_create(entry=entry)
    write_index(entry.pk)
    touch()


def _with_above(path: str) -> set[str]:
    return {path[:end] for end in range(STEP, len(path) + 1, STEP)}


@transaction.atomic
def project_documents_of(collection: Collection) -> None:
    """Bring every document of `collection` and of those below it in line."""
    collection = Collection.objects.get(pk=collection.pk)  # the one given may not stand there any more
    lock_collections(_with_above(collection.path) - {collection.path}, mine=False)
    lock_collections({collection.path}, mine=True)
    below = collection.get_descendants(inclusive=True)
    for pk in PortalDocument.objects.filter(collection__in=below).values_list("pk", flat=True):
        project_document(pk)


def project_documents_for(audience: Audience) -> None:
    """Bring the documents that carry `audience` in line, its kind having changed."""
    for pk in PortalDocument.objects.filter(audiences=audience).values_list("pk", flat=True):
        project_document(pk)
