"""Records become entries, in the transaction that saves them. A room registers its own: documents, alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from audience.demands import Clauses, audience_clauses, demand_id, own_clauses, visibility_id
from audience.models import Audience
from audience.version import touch
from content.entry import EntryData
from content.records import Record
from search.models import ALWAYS, Entry
from search.projection import write_text
from search.querysets import EntryQuerySet

NOT_OF_ENTRIES = {"headings", "body", "dates", "pictures"}  # what is written elsewhere
SAID = [field.name for field in fields(EntryData) if field.name not in NOT_OF_ENTRIES]


@dataclass(frozen=True)
class RecordType:
    """What is particular to the projection of a model: what else is demanded, and what is held while it is read."""

    model: type[Record]
    demands: Callable[[Any], Iterable[Clauses]]
    hold: Callable[[Any], None]


record_types: dict[type[Record], RecordType] = {}


def register(
    model: type[Record],
    *,
    parts: Iterable[str] = ("audiences",),
    demands: Callable[[Any], Iterable[Clauses]] = lambda record: (),
    hold: Callable[[Any], None] = lambda record: None,
) -> None:
    """Project each `model` when it is saved or deleted, and when one of its `parts` is.

    `parts` name many-to-many fields, or children by their related name. `demands` returns what is asked of readers
    beside the record's own audiences; `hold` locks what that depends on.
    """
    record_types[model] = RecordType(model, demands, hold)
    for signal in (post_save, post_delete):
        signal.connect(_saved, sender=model)
    for part in parts:
        field: Any = model._meta.get_field(part)
        if field.many_to_many:
            m2m_changed.connect(_parts_changed, sender=field.remote_field.through)
            continue
        project = partial(_child_saved, model=model, parent=field.field.attname)
        for signal in (post_save, post_delete):
            signal.connect(project, sender=field.related_model, weak=False)


def _saved(instance: Record, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        project_record(type(instance), instance.pk)


def _parts_changed(instance: Any, action: str, **kwargs: Any) -> None:
    # A table may be shared: that of tags joins them to images as well.
    if action.startswith("post_") and type(instance) in record_types:
        project_record(type(instance), instance.pk)


def _child_saved(instance: Any, *, model: type[Record], parent: str, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        project_record(model, getattr(instance, parent))


def type_of(model: type[Record]) -> ContentType:
    """Return the content type of the entries of `model`."""
    return ContentType.objects.get_for_model(model)


def entries_of(model: type[Record], *pks: int) -> EntryQuerySet:
    """Return the entries of these records, whoever may see them."""
    return Entry.objects.filter(content_type=type_of(model), object_id__in=pks)


@transaction.atomic
def project_record(model: type[Record], pk: int) -> None:
    """Bring the entry of record `pk` of `model` in line with the database."""
    known, read = record_types[model], _manager(model).filter(pk=pk).first
    record: Any = read()
    if record is not None:
        known.hold(record)
        # Whoever projects the same record meanwhile waits here, then reads what we have written.
        entries_of(model, pk).select_for_update(of=("self",)).first()
        record = read()
    if record is None:
        entries_of(model, pk).delete()
        touch()
        return
    said = record.entry()
    now = _fields(record, said, known)
    entry, made = Entry.objects.get_or_create(content_type=type_of(model), object_id=pk, defaults=now)
    if not made:
        for name, value in now.items():
            setattr(entry, name, value)
        entry.version += 1
        entry.save()
    write_text(entry, said)
    touch()


def _manager(model: type[Record]) -> models.Manager[Any]:
    return model._default_manager


def _fields(record: Record, said: EntryData, known: RecordType) -> dict[str, Any]:
    """Return the fields of the record's entry."""
    access, audiences = record.recipients()
    clauses = own_clauses(access, audiences)
    asked = {demand_id(clauses)} if clauses is not None else set()
    asked |= {demand_id(more) for more in known.demands(record)}
    seen, (live, starts, ends) = visibility_id(asked), record.liveness()
    return {
        **{name: getattr(said, name) for name in SAID},
        "topics": list(said.topics), "identifiers": list(said.identifiers), "url": record.entry_url(),
        "language": record.entry_language(), "shown_in": " ".join(code for code, _name in settings.LANGUAGES),
        "own_live": live, "own_live_from": starts or ALWAYS, "own_expires_at": ends,
        "withdrawn": not live, "live_from": starts or ALWAYS, "expires_at": ends,
        "stated_id": seen, "own_demand_id": seen, "visibility_id": seen, "is_reserved": bool(asked),
        "recommendation_id": demand_id(audience_clauses(audiences)) if audiences else None,
    }  # fmt: skip


def all_records() -> Iterator[tuple[type[Record], int]]:
    """Yield every record there is, as (model, id)."""
    for model in record_types:
        for pk in _manager(model).order_by("pk").values_list("pk", flat=True):
            yield model, pk


def project_records_for(audience: Audience) -> None:
    """Bring the records that carry `audience` in line, its kind having changed."""
    for model in record_types:
        if any(field.name == "audiences" for field in model._meta.many_to_many):
            for pk in _manager(model).filter(audiences=audience).values_list("pk", flat=True):
                project_record(model, pk)
