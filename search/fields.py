"""Fields of entries: in which languages' lists one stands, and what its title sorts by."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.lookups import Contains

from audience.names import sort_key


class LanguagesField(models.CharField):  # type: ignore[type-arg]  # not generic when it runs
    """Codes of languages, parted by spaces: `fr en`.

    Kept with a space at either end, so that `has` finds a whole code: `es`, and never a part of another.
    """

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return f" {' '.join(text.split())} " if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value.strip() if value else value


@LanguagesField.register_lookup
class Has(Contains):
    """`shown_in__has="es"`."""

    lookup_name = "has"

    def get_prep_lookup(self) -> str:
        return f" {self.rhs} "

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return str(connection.operators["contains"] % rhs)


class SortKeyField(models.CharField):  # type: ignore[type-arg]  # not generic when it runs
    """What the title of a row sorts by in its own language, written with it.

    Compared sign by sign whatever the database's own order of words, so that SQLite and PostgreSQL agree.
    """

    def pre_save(self, model_instance: Any, add: bool) -> str:
        key = sort_key(model_instance.title, model_instance.language)[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}
