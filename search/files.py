"""The text of documents: read by a task in a process apart, and found with its document, by whom it is for."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from audience.version import touch
from content.models import PortalDocument
from search.reading import READERS

log = logging.getLogger(__name__)

READER = Path(__file__).with_name("reading.py")
SECONDS = 40  # of the clock: the reader itself is stopped after twenty of CPU
LARGEST = 60 * 1024 * 1024


class FileText(models.Model):
    """Which file of a document was read, and why not if it was set aside."""

    document = models.OneToOneField(
        "content.PortalDocument",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name=_("document"),
    )
    file_hash = models.CharField(max_length=64)
    error = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of documents")

    def __str__(self) -> str:
        return f"{self.document_id} {self.error}".strip()


@receiver(post_save, sender=PortalDocument)
def replaced(instance: PortalDocument, raw: bool = False, **kwargs: Any) -> None:
    """Forget the text of a file that was replaced, at once, and have the new one read."""
    if raw or instance.file_extension.lower() not in READERS:
        return
    known = FileText.objects.filter(document=instance).values_list("file_hash", flat=True).first()
    if known is not None and known == instance.get_file_hash():
        return
    if known is not None:
        write(instance.pk, "")
    transaction.on_commit(lambda: read_document.enqueue(instance.pk))


@task()
def read_document(pk: int) -> None:
    """Read the text of a document's file, or set it aside with its reason."""
    document: Any = PortalDocument.objects.filter(pk=pk).first()
    if document is None or document.file_extension.lower() not in READERS:
        return
    said = text_of(document)
    now = PortalDocument.objects.filter(pk=pk).first()
    if now is None or now.file.name != document.file.name:  # replaced meanwhile: another task reads that
        return
    if "error" in said:
        log.warning("the text of document %s is set aside: %s", pk, said["error"])
    write(pk, said.get("text", ""))
    kept = {"file_hash": document.get_file_hash(), "error": said.get("error", "")[:500]}
    FileText.objects.update_or_create(document_id=pk, defaults=kept)


def text_of(document: Any) -> dict[str, str]:
    """Return {"text": …} or {"error": …} for the file of a document."""
    try:
        if document.file.size > LARGEST:
            return {"error": "it is larger than what is read"}
        with tempfile.NamedTemporaryFile(prefix="parvis-file-") as copy, document.file.open("rb") as source:
            for chunk in source.chunks():
                copy.write(chunk)
            copy.flush()
            command = [sys.executable, "-I", str(READER), copy.name, document.file_extension.lower()]
            done = subprocess.run(  # noqa: S603  # our own file, and an extension of a list
                command, env={}, cwd="/", capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
            )
    except subprocess.TimeoutExpired:
        return {"error": "it takes more time than is given"}
    except OSError as error:
        return {"error": f"the file cannot be opened: {type(error).__name__}"}
    try:
        said: dict[str, str] = json.loads(done.stdout)
    except ValueError:
        return {"error": "it takes more time or memory than is given"}
    return said


@transaction.atomic
def write(pk: int, text: str) -> None:
    """Give the entry of a document the text of its file."""
    from search.documents import document_type
    from search.index import write_index
    from search.models import Entry, EntryText

    entry = Entry.objects.select_for_update(of=("self",)).filter(content_type=document_type(), object_id=pk).first()
    if entry is None:
        return
    clean = text.replace("\0", " ")
    EntryText.objects.update_or_create(entry=entry, defaults={"file_text": clean})
    Entry.objects.filter(pk=entry.pk).update(version=F("version") + 1)
    write_index(entry.pk)
    touch()
