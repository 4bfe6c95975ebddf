"""Blocks of images, and of videos, which stay at their host until the reader goes there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from content.blocks.addresses import host_of, web_address
from content.blocks.base import OptionalBlock, StructBlock
from content.blocks.samples import SampleImage
from content.blocks.text import ProseBlock
from content.targets import Links

MEDIA = _("Images and video")
WHOLE, NARROW = "max-1230x1600|format-webp", "max-640x1600|format-webp"
THUMBNAIL = "fill-600x400|format-webp"
POSTER = "fill-1230x692|format-webp"


class PictureBlock(ImageChooserBlock):
    """An image of the library. All those of a body come with the sizes that templates show, in two queries."""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Any]:
        values = list(values)
        found = self.model_class.objects.prefetch_renditions(WHOLE, NARROW, THUMBNAIL, POSTER).in_bulk(
            [pk for pk in values if pk is not None]
        )
        return [found.get(pk) for pk in values]


class ImageValue(blocks.StructValue):
    @property
    def alternative_text(self) -> str:
        """What stands for the image: said here, else said of the image itself; nothing when it is decorative."""
        if self["decorative"] or self["image"] is None:
            return ""
        return str(self["alternative"] or self["image"].default_alt_text)

    @property
    def is_described(self) -> bool:
        """Whether somebody said what the image shows, or that it says nothing."""
        image = self["image"]
        return image is None or bool(
            self["decorative"] or self["alternative"].strip() or image.default_alt_text or image.is_decorative
        )


class ImageBlock(StructBlock):
    image = PictureBlock(label=_("Image"), help_text=_("Images are public, whoever this page is for."))
    alternative = OptionalBlock(
        label=_("Alternative text"),
        max_length=250,
        help_text=_(
            "What the image tells, for those who do not see it. Left empty, the text of the image itself is used."
        ),
    )
    decorative = blocks.BooleanBlock(
        label=_("Decorative here: says nothing that the text does not"), required=False, default=False
    )
    caption = OptionalBlock(label=_("Caption"), max_length=200, help_text=_("Shown to everyone."))

    class Meta:
        icon = "image"
        label = _("Image")
        group = MEDIA
        label_format = "{caption}"
        value_class = ImageValue
        description = _("An image of the library, with its credit, a caption, and words for those who do not see it.")
        preview_value = {
            "image": SampleImage(),
            "alternative": _("The arches of the main building"),
            "caption": _("The main building, Campus Centre"),
        }
        template = "content/blocks/image.html"

    def clean(self, value: ImageValue) -> ImageValue:
        """Refuse, when it is to be published, an image of which nobody said what it shows."""
        cleaned: ImageValue = super().clean(value)
        if not self.is_deferred_validation and not cleaned.is_described:
            refusal = ValidationError(_("Say what this image shows, or that it is decorative here."))
            raise StructBlockValidationError(block_errors={"alternative": refusal})
        return cleaned

    def is_shown(self, value: ImageValue, links: Links) -> bool:
        return value["image"] is not None


class GalleryBlock(StructBlock):
    items = blocks.ListBlock(ImageBlock(), label=_("Images"), min_num=2, max_num=12)

    class Meta:
        icon = "grid"
        label = _("Gallery")
        group = MEDIA
        label_format = ""
        description = _("Two to twelve images side by side; each opens whole.")
        preview_value = {"items": [{"image": SampleImage(), "alternative": _("The main building")}] * 3}
        template = "content/blocks/gallery.html"

    def is_shown(self, value: blocks.StructValue, links: Links) -> bool:
        return any(item["image"] is not None for item in value["items"])


class VideoValue(blocks.StructValue):
    @property
    def address(self) -> str:
        return web_address(self["url"])

    @property
    def host(self) -> str:
        return host_of(self.address)


class VideoBlock(StructBlock):
    """A video at its host: a link with a poster of ours. Nothing is asked of the host before the reader goes there."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    url = blocks.URLBlock(
        label=_("Address of the video"), help_text=_("Where it is watched, for example on the university’s Pod.")
    )
    duration = OptionalBlock(label=_("Duration"), max_length=20, help_text=_("For example 3 min."))
    poster = PictureBlock(label=_("Poster"), required=False, help_text=_("Without one, a plain poster is drawn."))
    transcript = ProseBlock(
        label=_("Transcript"), required=False, help_text=_("What is said and shown, for those who do not hear or see.")
    )

    class Meta:
        icon = "media"
        label = _("Video")
        group = MEDIA
        label_format = "{title}"
        value_class = VideoValue
        description = _(
            "A poster that leads to the video, at its host. Nothing is loaded from there before the reader asks."
        )
        preview_value = {
            "title": _("The library in three minutes"),
            "url": "https://videos.universite.example/12",
            "duration": "3 min",
        }
        template = "content/blocks/video.html"

    def is_shown(self, value: VideoValue, links: Links) -> bool:
        return bool(value.address)
