"""Entries: one row for everything published, with all that a card, a feed or a result prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audience.models import Demand, Visibility
from content.entry import Kind
from search.fields import LanguagesField, SortKeyField
from search.querysets import EntryQuerySet

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


def kinds() -> list[tuple[str, Any]]:
    """Return what an entry may be; a function, so that a new kind needs no migration."""
    return Kind.choices


class StateLevel(models.TextChoices):
    """How a service goes when it does not go normally; the words of services.Level."""

    DEGRADED = "degraded", _("Degraded")
    MAINTENANCE = "maintenance", _("Under maintenance")
    DOWN = "down", _("Unavailable")


@dataclass(frozen=True)
class CurrentState:
    """The state of a service that holds now, as a card prints it."""

    level: str
    message: str
    since: datetime
    until: datetime | None

    @property
    def get_level_display(self) -> str:
        return str(StateLevel(self.level).label)


class Entry(models.Model):
    """What the portal knows of a page or a document to list, count, feed, suggest and find it.

    `stated` is what the source itself demands, `own_demand` adds its translations' and its alias source's,
    `visibility` adds the ancestors'. Each is a set of demands. `withdrawn`, `live_from` and `expires_at` are
    those of the source and its ancestors together; `own_*` are the source's alone. `said_discreet`, `own_discreet` and
    `discreet` are as the three sets: whatever counts or remembers what is opened leaves out what is `discreet`.
    """

    # A reservation rewrites these rows by the hundred thousand, every index with them: only those that lists walk.
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+", db_index=False)
    object_id = models.PositiveIntegerField()
    alias_of = models.PositiveIntegerField(null=True, blank=True)  # the page an alias mirrors
    language = models.CharField(max_length=5)
    shown_in = LanguagesField(max_length=200)
    is_alias = models.BooleanField(default=False)  # beside its source, in the same language

    kind = models.CharField(max_length=16, choices=kinds)
    title = models.CharField(max_length=255)
    sort_title = SortKeyField(max_length=255, editable=False, default="")
    summary = models.CharField(max_length=300, blank=True)
    url = models.TextField()
    image = models.CharField(max_length=400, blank=True)
    unit = models.ForeignKey(
        "directory.Unit", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    section = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    topics = models.JSONField(default=list)
    campus = models.CharField(max_length=60, blank=True)
    category = models.PositiveIntegerField(null=True, blank=True)  # of news, by which its lists are read
    identifiers = models.JSONField(default=list)
    extra = models.JSONField(default=dict)

    published_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    pinned_until = models.DateTimeField(null=True, blank=True)
    changes_at = models.DateTimeField(null=True, blank=True)  # when a state ends by itself

    path = models.CharField(max_length=255, blank=True)
    depth = models.PositiveSmallIntegerField(default=0)
    in_menu = models.BooleanField(default=False)
    translation_key = models.UUIDField(null=True, blank=True)

    own_live = models.BooleanField(default=True)
    own_live_from = models.DateTimeField(default=ALWAYS)
    own_expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField(default=True)
    live_from = models.DateTimeField(default=ALWAYS)
    expires_at = models.DateTimeField(null=True, blank=True)

    stated = models.ForeignKey(Visibility, on_delete=models.PROTECT, related_name="+", db_index=False)
    own_demand = models.ForeignKey(Visibility, on_delete=models.PROTECT, related_name="+", db_index=False)
    visibility = models.ForeignKey(Visibility, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_reserved = models.BooleanField(default=False)  # the visibility demands something
    said_discreet = models.BooleanField(default=False)
    own_discreet = models.BooleanField(default=False)
    discreet = models.BooleanField(default=False)
    recommendation = models.ForeignKey(
        Demand, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    popularity = models.FloatField(default=0)
    version = models.PositiveBigIntegerField(default=1)
    synced_version = models.PositiveBigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EntryQuerySet.as_manager()

    is_promoted = False  # set by a search whose question an editor answered with it
    is_recommended = False  # set by lists that put what is recommended first

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="one_entry_a_source")]
        indexes = [
            models.Index(fields=["path"], name="entry_by_path"),
            models.Index(fields=["depth", "path"], name="entry_by_depth"),
            models.Index(fields=["kind", "-published_at", "-id"], name="entry_newest"),
            models.Index(fields=["recommendation", "kind", "-published_at", "-id"], name="entry_recommended"),
            models.Index(fields=["kind", "starts_at"], name="entry_next"),
            # PostgreSQL does not see that those of (recommendation, kind, …) that are for everyone stand in order.
            models.Index(
                fields=["kind", "starts_at", "id"],
                name="entry_for_everyone_next",
                condition=Q(recommendation__isnull=True, starts_at__isnull=False),
            ),
            models.Index(
                fields=["kind", "path"], name="entry_for_everyone_in_tree", condition=Q(recommendation__isnull=True)
            ),
            models.Index(fields=["kind", "sort_title"], name="entry_by_title"),
            models.Index(fields=["kind", "path"], name="entry_in_tree"),
            models.Index(fields=["recommendation", "kind", "path"], name="entry_recommended_in_tree"),
            models.Index(fields=["translation_key"], name="entry_translations"),
            models.Index(fields=["alias_of"], name="entry_aliases", condition=Q(alias_of__isnull=False)),
            *(
                models.Index(fields=[name], name=f"entry_{name}", condition=Q(**{f"{name}__isnull": False}))
                for name in ("expires_at", "starts_at", "pinned_until", "changes_at")
            ),
            models.Index(fields=["ends_at", "starts_at"], name="entry_under_way", condition=Q(ends_at__isnull=False)),
            models.Index(
                fields=["category", "-published_at", "-id"],
                name="entry_of_category",
                condition=Q(category__isnull=False),
            ),
            models.Index(fields=["live_from"], name="entry_live_from", condition=Q(live_from__gt=ALWAYS)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def spoken(self) -> str:
        """The language its text is in: its own, but for an alias of a page of another."""
        return str(self.extra.get("spoken") or self.language)

    @property
    def all_day(self) -> bool:
        """Whether no hour is said of an event or of a deadline: it takes a day, or several."""
        return bool(self.extra.get("all_day"))

    @property
    def about(self) -> str:
        """The title of the page that a key date stands on."""
        return str(self.extra.get("page", ""))

    @property
    def unit_name(self) -> str:
        """The unit that signs, else the section it stands in; not what its own title says already."""
        if self.unit:
            return self.unit.name if self.unit.name != self.title else ""
        return self.section.title if self.section and self.section_id != self.pk else ""

    @property
    def published_epoch(self) -> int | str:
        """The instant of publication as a slot takes it, in seconds of the epoch; nothing when there is none."""
        return max(int(self.published_at.timestamp()), 0) if self.published_at else ""

    @property
    def state(self) -> CurrentState | None:
        """The state of a service, while it holds."""
        said: dict[str, Any] | None = self.extra.get("state")
        if not said:
            return None
        until = datetime.fromisoformat(said["until"]) if said["until"] else None
        if until and until <= timezone.now():
            return None
        return CurrentState(said["level"], said["message"], datetime.fromisoformat(said["since"]), until)

    @property
    def successor(self) -> UUID | None:
        """The translation key of what replaces a retired service."""
        key = (self.extra.get("retired") or {}).get("successor")
        return UUID(key) if key else None

    @property
    def retired_since(self) -> datetime | None:
        """The instant a service was retired."""
        since = (self.extra.get("retired") or {}).get("since")
        return datetime.fromisoformat(since) if since else None

    @property
    def launch_url(self) -> str:
        """Where a service opens: nowhere while it is closed, once it is retired, or when it has no address."""
        shut = self.opens_on or self.closed_since or self.retired_since
        return "" if shut else str(self.extra.get("launch_url", ""))

    @property
    def main_url(self) -> str:
        """Where the card of a service leads: into it, or to its page when that must be read first."""
        unwell = self.state and self.state.level != StateLevel.DEGRADED
        return self.url if unwell else self.launch_url or self.url

    @property
    def opens_on(self) -> date | None:
        """The day a closed service opens, if it is still to come."""
        day = self.extra.get("opens_on")
        return date.fromisoformat(day) if day and date.fromisoformat(day) > timezone.localdate() else None

    @property
    def closed_since(self) -> date | None:
        """The day a service closed, if it is past."""
        day = self.extra.get("closes_on")
        return date.fromisoformat(day) if day and date.fromisoformat(day) < timezone.localdate() else None


class EntryText(models.Model):
    """The text of an entry, apart from it so that a change of visibility rewrites narrow rows.

    The database's own index of it (a tsvector on PostgreSQL, an FTS5 table on SQLite) is made by a migration.
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="text")
    headings = models.TextField(blank=True)
    body = models.TextField(blank=True)
    file_text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("entry text")
        verbose_name_plural = _("entry texts")

    def __str__(self) -> str:
        return f"{self.entry_id}"


class KeyDate(models.Model):
    """A key date of a page: what its entry stands for, so that it stays the same through renames and moves.

    All that it says is in the page's body and in its entry (search.dates).
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    item = models.CharField(max_length=40)  # what names it within the page

    class Meta:
        verbose_name = _("key date")
        verbose_name_plural = _("key dates")
        constraints = [models.UniqueConstraint(fields=["page", "item"], name="one_key_date_an_item")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.item}"


class Heartbeat(models.Model):
    """When the worker last went round; one row."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class Gone(models.Model):
    """An entry that was deleted, until the search engine knows: its row was what remained to send."""

    entry_id = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.entry_id}"


class Unsendable(models.Model):
    """An entry that the search engine refuses, with its reason. It blocks nothing; its next version is tried."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="+")
    version = models.PositiveBigIntegerField()
    error = models.TextField()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("entry set aside")
        verbose_name_plural = _("entries set aside")

    def __str__(self) -> str:
        return f"{self.entry_id} {self.error}"


class IndexState(models.Model):
    """Where entries are sent; one row. Whoever marks them as sent checks that this is still so."""

    generation = models.PositiveBigIntegerField(default=0)  # another each time the targets change
    filling = models.CharField(max_length=200, blank=True)  # the index a rebuild fills, which gets each change too
    filling_since = models.DateTimeField(null=True, blank=True)
    # What the worker found and sent again when it last compared the index with entries: numbers, by kind of difference.
    drift = models.JSONField(default=dict, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.generation} {self.filling}"


from search.files import FileText as FileText  # noqa: E402  # models of their own files
from search.journal import Search as Search  # noqa: E402
from search.popularity import DayViews as DayViews  # noqa: E402
from search.steering import Promotion as Promotion  # noqa: E402
from search.steering import Synonym as Synonym  # noqa: E402
