"""Documents are for whom their audiences and their collections say, and their files for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction, Page

from audience.models import Access, Audience
from content.models import PortalDocument
from search.documents import document_type
from search.models import Entry
from tests.factories import StandardPageFactory
from tests.leaks.compare import differences

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(home: Page) -> PortalDocument:
    made = PortalDocument(title="Charte", collection=Collection.get_first_root_node())
    made.file.save("charte.txt", ContentFile(b"le texte"), save=True)
    made.get_file_hash()
    return made


def reserve(document: PortalDocument, *audiences: Audience) -> None:
    document.access = Access.RESERVED
    document.save()
    document.audiences.set(audiences)


def test_the_file_of_a_public_document_is_served(client: Client, document: PortalDocument) -> None:
    answer = client.get(document.url)
    assert b"".join(answer.streaming_content) == b"le texte"


def test_the_file_of_a_reserved_document_is_served_to_its_readers_alone(
    client: Client, sign_in: Callable[..., Client], document: PortalDocument, staff: Audience
) -> None:
    reserve(document, staff)
    mark = {"If-None-Match": f'"{document.get_file_hash()}"'}

    assert sign_in([staff]).get(document.url).status_code == 200
    assert sign_in([staff]).get(document.url, headers=mark).status_code == 304
    assert client.get(document.url).status_code == 404
    assert client.get(document.url, headers=mark).status_code == 404
    assert client.head(document.url).status_code == 404


def test_a_document_reserved_for_no_audience_is_for_nobody(
    sign_in: Callable[..., Client], document: PortalDocument, staff: Audience
) -> None:
    reserve(document)
    assert sign_in([staff]).get(document.url).status_code == 404


def test_a_document_and_its_collections_ask_together(
    client: Client, sign_in: Callable[..., Client], document: PortalDocument, staff: Audience
) -> None:
    CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")
    assert client.get(document.url).status_code == 302
    assert sign_in([]).get(document.url).status_code == 200

    reserve(document, staff)
    assert client.get(document.url).status_code == 404
    assert sign_in([]).get(document.url).status_code == 404
    assert sign_in([staff]).get(document.url).status_code == 200


def test_a_collection_moved_under_a_closed_one_closes_its_documents(
    admin_client: Client, document: PortalDocument
) -> None:
    root = Collection.get_first_root_node()
    closed, inner = root.add_child(name="Fermée"), root.add_child(name="Dedans")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    document.collection = inner
    document.save()
    entry = Entry.objects.get(content_type=document_type(), object_id=document.pk)
    assert not entry.is_reserved

    answer = admin_client.post(f"/admin/collections/{inner.pk}/", {"name": "Dedans", "parent": closed.pk})

    assert answer.status_code == 302
    entry.refresh_from_db()
    assert entry.is_reserved
    assert differences() == []


def test_a_page_links_only_the_documents_its_reader_may_have(
    client: Client, sign_in: Callable[..., Client], home: Page, document: PortalDocument, staff: Audience
) -> None:
    text = f'<p>Voir <a linktype="document" id="{document.pk}">la charte</a>.</p>'
    body: Any = [{"type": "text", "value": text}, {"type": "documents", "value": [document.pk]}]
    page = StandardPageFactory(parent=home, body=body)
    reserve(document, staff)

    assert document.url in sign_in([staff]).get(page.url).content.decode()
    assert str(document.url) not in client.get(page.url).content.decode()
