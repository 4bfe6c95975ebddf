"""The audiences of a page read back to its editor as a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from audience.demands import audience_clauses, count_readers
from audience.models import Access, Audience, Kind, count_sentence
from audience.names import sort_key


def formula(audiences: Iterable[Audience]) -> str:
    """Return “(L2 or L3) and Histoire”: tags of one kind are alternatives, kinds add up."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for audience in sorted(audiences, key=lambda one: sort_key(one.label)):
        by_kind[audience.kind].append(audience.label)
    parts = []
    for kind in Kind.values:
        if labels := by_kind.get(kind):
            joined = f" {_('or')} ".join(labels)
            parts.append(f"({joined})" if len(labels) > 1 and len(by_kind) > 1 else joined)
    return f" {_('and')} ".join(parts)


def understood(*, access: str, audiences: list[Audience]) -> str:
    """Return the sentence an editor reads: who, how many known readers, and what it means for the others."""
    if not audiences:
        return (
            _("Nobody can read it: it is reserved, and no audience is chosen.")
            if access == Access.RESERVED
            else _("Everyone may read it; it is recommended to nobody in particular.")
        )
    # How many are in a sensitive audience is not told, not even to who may use it.
    told = not any(audience.sensitive for audience in audiences)
    count = count_sentence(count_readers(audience_clauses(audiences))) if told else _("not counted")
    who = f"{formula(audiences)} : {count}"
    if access == Access.RESERVED:
        return _("Reserved for %(who)s. Nobody else sees that it exists.") % {"who": who}
    return _("Recommended to %(who)s. Everyone may read it.") % {"who": who}
