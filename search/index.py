"""The database's own full-text index of entries, in the table search_fulltext (search.engines says what it holds)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models.signals import post_delete
from django.dispatch import receiver

from search.engines.dialect import Indexed, full_text
from search.models import Entry
from search.words import clean, lexemes, whole

BATCH = 500
# A tsvector ends at one megabyte, and a word that comes after so many others says little of an entry.
LONGEST_BODY = 16_000  # lexemes


def write_index(entry_pk: int) -> None:
    """Write the index row of an entry, from what the database holds of it."""
    write_indexes([entry_pk])


def index_entry(entry: Entry) -> None:
    """Write the index row of an entry whose text and unit are at hand."""
    with connection.cursor() as cursor:
        full_text(connection.vendor).write(cursor, [indexed(entry)])


def write_indexes(pks: Iterable[int]) -> None:
    """Write the index rows of these entries, in batches; those that are gone have none."""
    remaining = iter(pks)
    while some := list(islice(remaining, BATCH)):
        entries = Entry.objects.filter(pk__in=some).select_related("text", "unit")
        rows = [indexed(entry) for entry in entries if hasattr(entry, "text")]
        with connection.cursor() as cursor:
            full_text(connection.vendor).write(cursor, rows)


def indexed(entry: Any) -> Indexed:
    """Return what is written for `entry`; a migration passes the model of its own time."""
    title = clean(entry.title)
    unit = f"{entry.unit.name} {entry.unit.acronym}" if entry.unit else ""
    standing_out = (entry.summary, entry.text.headings, *entry.identifiers)
    body = (entry.text.body, entry.text.file_text, entry.extra.get("place", ""), unit, entry.campus)
    return Indexed(
        entry=entry.pk,
        title=tuple(lexemes(title)),
        head=tuple(lexemes(clean("\n".join(standing_out)))),
        body=tuple(islice(lexemes(clean("\n".join(body))), LONGEST_BODY)),
        whole=whole(title),
    )


@receiver(post_delete, sender=Entry)
def forget(instance: Entry, **kwargs: Any) -> None:
    """The row goes with its entry. One left behind finds nothing: what is found is joined with entries."""
    with connection.cursor() as cursor:
        full_text(connection.vendor).forget(cursor, [instance.pk])
