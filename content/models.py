"""What every page is, and the image and document models."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import COMMENTS_RELATION_NAME, Page, Site
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from audience.middleware import PortalRequest
from audience.models import Access, Audience
from audience.names import Named, sort_key
from content.blocks import BodyBlock
from content.dates import key_dates
from content.entry import EntryData, Kind
from content.fields import StreamField
from content.outline import TOP, outline
from content.page_forms import PortalPageForm
from content.panels import AudienceChecks, AudiencePanel, QualityPanel
from content.portal_settings import PortalSettings as PortalSettings
from content.quality import QUOTED, Flaw
from content.records import Recipients, Record
from content.signals import page_saved
from content.storage import private_storage
from content.targets import Links
from content.text import body_text, heading_text


def languages() -> list[tuple[str, Any]]:
    """Return the languages of the portal; a function, so that another needs no migration."""
    return settings.LANGUAGES


# What Wagtail writes of a page when only its draft changes.
BOOKKEEPING = {
    "draft_title",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_created_at",
    COMMENTS_RELATION_NAME,
    "locked",
    "locked_at",
    "locked_by",
}
DISCREET = _(
    "Violence, health, exam arrangements: that someone opened this page is kept nowhere, neither counted nor "
    "remembered. Holds for its translations, and for the pages below it."
)
DISCRETION = MultiFieldPanel([FieldPanel("discreet", help_text=DISCREET)], heading=_("Discretion"))
CARD_IMAGE = "fill-640x427|format-webp"
CARD_IMAGES = ("fill-320x213|format-webp", CARD_IMAGE, "fill-1080x720|format-webp")


@register_snippet
class Topic(Named, models.Model):
    """What pages are about, across units and kinds."""

    slug = models.SlugField(_("identifier"), unique=True)
    name = models.CharField(_("name in French"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PortalImage(AbstractImage):
    """An image. Images are public, whoever the page that shows them is for."""

    credit = models.CharField(_("credit"), max_length=160, blank=True)
    alternative = models.CharField(
        _("alternative text"),
        max_length=250,
        blank=True,
        help_text=_("What a reader who does not see it should know. Images are public: never a reserved document."),
    )
    # Not `decorative`, which Wagtail's own model sets to False whenever an image is made or loaded.
    is_decorative = models.BooleanField(_("decorative: says nothing that the text does not"), default=False)

    admin_form_fields = (
        "title",
        "file",
        "collection",
        "alternative",
        "is_decorative",
        "credit",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    @property
    def default_alt_text(self) -> str:
        return "" if self.is_decorative else self.alternative

    def clean(self) -> None:
        super().clean()
        if not self.alternative and not self.is_decorative:
            raise ValidationError({"alternative": _("Describe the image, or say that it is decorative.")})


class PortalRendition(AbstractRendition):
    image = models.ForeignKey(PortalImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="unique_portal_rendition")
        ]


class PortalDocument(Record, AbstractDocument):  # type: ignore[django-manager-missing]  # Wagtail's is untyped
    """A document: served only to whom it is for, from outside what the web server hands out."""

    file = models.FileField(_("file"), upload_to="documents", storage=private_storage)
    language = models.CharField(_("language"), max_length=12, default=settings.LANGUAGE_CODE, choices=languages)
    unit = models.ForeignKey(
        "directory.Unit", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    access = models.CharField(_("access"), max_length=12, choices=Access.choices, default=Access.RECOMMENDED)
    audiences = models.ManyToManyField(Audience, blank=True, related_name="+", verbose_name=_("audiences"))

    admin_form_fields = ("title", "file", "collection", "access", "audiences", "unit", "language", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def clean(self) -> None:
        # Wagtail's form for what is sent together gives a document its file, checked before, only once this has passed.
        if self.file:
            super().clean()

    def entry(self) -> EntryData:
        """Return what the document says of itself."""
        return EntryData(
            kind=Kind.DOCUMENT,
            title=self.title,
            unit_id=self.unit_id,
            published_at=self.created_at,
            extra={"size": self.file_size or 0, "extension": self.file_extension.lower()},
        )

    def entry_url(self) -> str:
        return reverse("wagtaildocs_serve", args=[self.pk, self.filename])

    def recipients(self) -> Recipients:
        return Recipients(self.access, tuple(self.audiences.all()))

    def entry_language(self) -> str:
        return self.language


class PortalPage(Page):
    """What every page of the portal has. A subclass adds its own fields and says more in `entry()`."""

    summary = models.CharField(
        _("summary"), max_length=300, blank=True, help_text=_("One or two sentences, shown on cards and in results.")
    )
    image = models.ForeignKey(
        PortalImage, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("image")
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))
    topics = ParentalManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("topics"))
    unit = models.ForeignKey(
        "directory.Unit",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("Who publishes it and answers for it."),
    )
    contact = models.CharField(_("contact"), max_length=200, blank=True, help_text=_("Who helps, where, how."))
    review_on = models.DateField(_("review on"), null=True, blank=True)
    access = models.CharField(_("access"), max_length=12, choices=Access.choices, default=Access.RECOMMENDED)
    audiences = ParentalManyToManyField(Audience, blank=True, related_name="+", verbose_name=_("audiences"))
    discreet = models.BooleanField(_("discreet"), default=False)

    base_form_class = PortalPageForm
    content_panels = [
        QualityPanel(heading=_("What could be better")),
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("image"),
    ]
    settings_panels = [
        *Page.settings_panels,
        AudiencePanel(
            [
                FieldPanel("access", widget=forms.RadioSelect),
                FieldPanel("audiences", widget=AudienceChecks),
            ],
            heading=_("Audiences"),
        ),
        DISCRETION,
        MultiFieldPanel(
            [FieldPanel("unit"), FieldPanel("contact"), FieldPanel("topics"), FieldPanel("review_on")],
            heading=_("About this page"),
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the page, then say so: Django's own signal comes before the audiences are written.

        In one transaction, so that no page is saved whose entry still says what it was.
        """
        fields = kwargs.get("update_fields")
        if fields is not None and set(fields) <= BOOKKEEPING:
            return super().save(*args, **kwargs)
        with transaction.atomic():
            saved = super().save(*args, **kwargs)
            page_saved.send(sender=type(self), pk=self.pk)
        return saved

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """As the editor sees it, or as a visitor and each audience would (audience.middleware.previewed_as)."""
        audiences = sorted(Audience.objects.in_use().open_to_all(), key=lambda one: (one.kind, sort_key(one.label)))
        as_others = [(f"audience-{audience.pk}", audience.label) for audience in audiences]
        return [*super().preview_modes, ("visitor", _("A visitor who is not signed in")), *as_others]

    def get_url_parts(self, request: Any = None) -> Any:
        parts = super().get_url_parts(request)
        if parts is None and self.depth > 1:
            # Each process keeps the addresses of homes for an hour: another made the home of this page's language.
            Site.clear_site_root_paths_cache()
            for kept in (self, request):
                getattr(kept, "__dict__", {}).pop("_wagtail_cached_site_root_paths", None)
            parts = super().get_url_parts(request)
        return parts

    def serve(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page; what is not a preview may be shared between readers who are shown the same."""
        request.page = self
        response: HttpResponse = super().serve(request, *args, **kwargs)
        request.may_be_shared = not getattr(request, "is_preview", False)
        return response

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        request.page = self
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context

    def contents(self, links: Links) -> list[dict[str, str]]:
        """Return the table of contents: the headings of parts that the reader of `links` is shown."""
        parts = [part for part in outline(self.body, links) if part.is_heading and part.level == TOP]
        return [{"text": part.child.value["text"], "anchor": part.anchor} for part in parts]

    def entry(self, **more: Any) -> EntryData:
        """Return what the page says of itself; subclasses pass `kind` and what is theirs."""
        said: dict[str, Any] = {
            "kind": Kind.PAGE,
            "title": self.title,
            "summary": self.summary or self.search_description,
            "headings": heading_text(self.body),
            "body": body_text(self.body),
            **_pictures(self.image),
            "unit_id": self.unit_id,
            "topics": tuple(topic.slug for topic in self.topics.all()),
            "in_menu": self.show_in_menus,
            "published_at": self.first_published_at or timezone.now(),
            "dates": key_dates(self.body),
        }
        return EntryData(**{**said, **more})


def _pictures(image: Any) -> dict[str, Any]:
    """Return the picture of a card, and the widths that browsers choose from; nothing without a picture."""
    if image is None:
        return {}
    made = image.get_renditions(*CARD_IMAGES)
    widths = {made[spec].width: made[spec].url for spec in CARD_IMAGES}  # a small one is never made larger
    return {"image": made[CARD_IMAGE].url, "pictures": tuple((url, width) for width, url in widths.items())}


class RoutedPage(RoutablePageMixin, PortalPage):
    """A page with addresses below its own: feeds, a calendar."""

    class Meta:
        abstract = True

    def serve(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Wagtail's mixin answers a route, the page's own among them, without asking PortalPage.
        request.page = self
        response: HttpResponse = super().serve(request, *args, **kwargs)
        request.may_be_shared = not getattr(request, "is_preview", False)
        return response


class StandardPage(PortalPage):
    """A page of text, anywhere."""

    content_panels = [*PortalPage.content_panels, FieldPanel("body")]
    parent_page_types = ["home.HomePage", "sections.SectionPage", "content.StandardPage"]
    subpage_types = ["content.StandardPage"]
    template = "content/standard_page.html"

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")


class PageFlaw(models.Model):
    """One flaw of one page as it is saved, for the report: written by `content.services.judge`, read nowhere else."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="flaws")
    flaw = models.CharField(_("what could be better"), max_length=12)  # of quality.Flaw: a new one needs no migration
    number = models.PositiveSmallIntegerField(_("how many times"))
    quote = models.CharField(_("where first"), max_length=QUOTED, blank=True)
    since = models.DateField(_("after this day"), null=True, blank=True)

    class Meta:
        verbose_name = _("flaw of a page")
        verbose_name_plural = _("flaws of pages")
        constraints = [models.UniqueConstraint(fields=("page", "flaw"), name="unique_page_flaw")]

    def __str__(self) -> str:
        return f"{self.label} ({self.number})"

    @property
    def label(self) -> str:
        return str(Flaw(self.flaw).label)
