"""The portal as an application, its names and its quick links: what is given to everyone speaks of nobody."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail.message import sanitize_address
from django.test import Client, RequestFactory
from PIL import Image
from wagtail.admin.mail import send_mail
from wagtail.models import Page

from audience.models import Access, Audience
from content.models import PortalSettings
from home.contact.letters import Letter, send
from home.models import AlertLevel, HomePage
from tests.factories import AlertFactory, StandardPageFactory
from tests.reading import links, soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(home: HomePage) -> PortalSettings:
    said = PortalSettings.load()
    said.name, said.institution, said.short_name = "Mon ENT", "Université du Test", "ENT"
    said.accent, said.phone, said.contact_email = "#9b1b30", "03 00 00 00 00", "aide@test.example"
    said.words = raw("words", [{"language": "en", "name": "My campus", "institution": "", "foot": "A few words"}])
    said.save()
    return said


def raw(name: str, values: list[dict[str, Any]]) -> Any:
    sort = "words" if name == "words" else "link"
    field: Any = PortalSettings._meta.get_field(name)
    return field.stream_block.to_python([{"type": sort, "value": value} for value in values])


# Names


def test_the_portal_goes_by_the_names_of_its_settings_in_each_language(client: Client, portal: PortalSettings) -> None:
    french, english = soup(client.get("/")), soup(client.get("/en/"))

    assert french.select_one(".brand__name").text == "Mon ENT"
    assert english.select_one(".brand__name").text == "My campus"
    assert english.select_one(".brand__house").text == "Université du Test"
    assert "A few words" in english.select_one(".site-footer").text
    assert "A few words" not in french.select_one(".site-footer").text


def test_pages_of_failures_and_letters_bear_the_name_too(client: Client, portal: PortalSettings) -> None:
    from home.views import failed

    client.get("/")
    assert "Mon ENT, Université du Test" in client.get("/nulle-part/").content.decode()
    page = failed(RequestFactory().get("/x/")).content.decode()
    assert "Mon ENT, Université du Test" in page
    assert "/_portal/accent." in page

    send(Letter("a@test.example", "Bonjour", "Texte"))
    assert mail.outbox[0].from_email.startswith("Mon ENT, ") or "=?utf-8?" in mail.outbox[0].from_email
    assert mail.outbox[0].message()["From"]
    send_mail("À relire", "Une page attend.", ["b@test.example"])  # as the admin does
    assert mail.outbox[1].message()["From"] == mail.outbox[0].message()["From"]
    assert sanitize_address(mail.outbox[1].from_email, "utf-8").startswith("=?utf-8?")  # as it leaves by SMTP


# Quick links


def test_quick_links_lead_only_where_the_reader_may_go_and_cost_the_same(
    client: Client, sign_in: Any, portal: PortalSettings, home: HomePage, staff: Audience, count_queries: Any
) -> None:
    pages = [StandardPageFactory(parent=home, title=f"Lien {number}") for number in range(10)]
    kept = StandardPageFactory(parent=home, title="Interne", audiences=[staff], access=Access.RESERVED)

    def chosen(*values: dict[str, Any]) -> None:
        portal.quick_links = raw("quick_links", list(values))
        portal.save()

    chosen({"page": pages[0].pk, "url": "", "label": ""})
    client.get("/")
    one = count_queries(client.get, "/")
    chosen(
        *({"page": page.pk, "url": "", "label": ""} for page in (*pages, kept)),
        {"page": None, "url": "https://mail.test.example/", "label": "Courriel", "language": "fr"},
        {"page": None, "url": "https://mail.test.example/en", "label": "Mail", "language": "en"},
    )
    client.get("/")
    assert count_queries(client.get, "/") == one

    shown = links(client.get("/"), ".quick-menu")
    assert set(shown) == {*(page.title for page in pages), "Courriel"}
    assert set(links(client.get("/"), ".bottom-nav__panel")) >= set(shown)
    assert "Interne" in links(sign_in([staff]).get("/"), ".quick-menu")
    assert {"Mail"} == set(links(client.get("/en/"), ".quick-menu")) - {page.title for page in pages}


# The manifest and the icons


@pytest.mark.parametrize(("language", "name", "start"), [("fr", "Mon ENT", "/"), ("en", "My campus", "/en/")])
def test_the_manifest_says_the_names_and_the_colours_of_the_settings(
    client: Client, portal: PortalSettings, language: str, name: str, start: str
) -> None:
    page = soup(client.get(start))
    address = page.select_one("link[rel=manifest]")["href"]
    answer = client.get(address)
    told = json.loads(answer.content)

    assert answer["Content-Type"].startswith("application/manifest+json")
    assert told["name"] == f"{name}, Université du Test"
    assert (told["short_name"], told["lang"], told["start_url"]) == ("ENT", language, start)
    assert told["theme_color"] == "#9b1b30"
    for icon in told["icons"]:
        drawn = client.get(icon["src"])
        assert "immutable" in drawn["Cache-Control"]
        assert Image.open(BytesIO(drawn.content)).size == tuple(int(side) for side in icon["sizes"].split("x"))
    apple = Image.open(BytesIO(client.get(page.select_one("link[rel=apple-touch-icon]")["href"]).content))
    assert apple.size == (180, 180)
    assert apple.getpixel((0, 0)) == (0x9B, 0x1B, 0x30, 255)
    assert client.get("/favicon.ico", follow=True)["Content-Type"] == "image/png"
    assert client.get("/_portal/manifest.de.webmanifest").status_code == 404
    assert client.get("/_portal/icon-huge.0").status_code == 404


def test_the_picture_of_the_public_home_and_the_arch_wear_the_accent_and_need_no_inline_style(
    client: Client, portal: PortalSettings
) -> None:
    address = soup(client.get("/")).select_one(".front__art")["src"]
    red, arch = client.get(address), client.get(soup(client.get("/")).select_one("link[rel=icon]")["href"])
    portal.accent = "#123a9b"
    portal.save()
    other = soup(client.get("/")).select_one(".front__art")["src"]
    portal.accent = ""
    portal.save()
    own = soup(client.get("/")).select_one(".front__art")["src"]

    assert "immutable" in red["Cache-Control"]
    assert "no-cache" in client.get(address)["Cache-Control"]  # the address of another accent
    assert red.content != client.get(other).content
    assert own.startswith("/static/img/front")
    assert b"#e3a63c" in red.content  # the warm colour stays
    assert b"#0b3a33" not in red.content
    assert b"style=" not in red.content + arch.content


def test_the_policy_allows_the_portal_s_own_worker_and_manifest_and_no_other(client: Client, home: HomePage) -> None:
    policy = client.get("/")["Content-Security-Policy"]

    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy
    assert "unsafe-inline" not in policy


# The worker and the offline page


def test_the_worker_is_asked_for_again_and_changes_its_version_with_what_it_keeps(
    client: Client, portal: PortalSettings
) -> None:
    first = client.get("/sw.js")
    same = client.get("/sw.js")
    portal.phone = "03 11 11 11 11"
    portal.save()
    other = client.get("/sw.js")

    assert first["Content-Type"].startswith("text/javascript")
    assert "no-cache" in first["Cache-Control"]
    assert first.content == same.content
    version = re.compile(rb'"version": "(\w+)"')
    assert version.findall(first.content) != version.findall(other.content)
    told = json.loads(re.search(r"const SHELL = (\{.*?\});\n", first.content.decode())[1])  # type: ignore[index]
    for address in told["assets"]:
        assert address.startswith(("/static/", "/_portal/"))
    for page in told["pages"].values():
        assert client.get(page["offline"]).status_code == 200


def test_nothing_of_these_asks_who_is_reading(
    client: Client, sign_in: Any, portal: PortalSettings, staff: Audience, home: HomePage
) -> None:
    StandardPageFactory(parent=home, title="Interne", audiences=[staff], access=Access.RESERVED)
    AlertFactory(
        level=AlertLevel.EMERGENCY, title="Pour le personnel", audiences=[staff], access=Access.RESERVED, ends_at=None
    )
    known = sign_in([staff], first_name="Inès")
    for address in ("/sw.js", "/_portal/manifest.fr.webmanifest", "/_portal/offline.fr", "/_portal/offline.en"):
        mine, anyone = known.get(address), client.get(address)
        body = mine.content.decode()
        assert re.sub(r"\d\d:\d\d", "", body) == re.sub(r"\d\d:\d\d", "", anyone.content.decode())
        assert "Cookie" not in mine.get("Vary", "")
        assert not mine.cookies
        for word in ("Interne", "Pour le personnel", "Inès", "Marchetti"):
            assert word not in body


def test_the_offline_page_says_who_helps_and_what_is_urgent_for_everyone(
    client: Client, portal: PortalSettings
) -> None:
    before = client.get("/_portal/offline.fr")
    AlertFactory(level=AlertLevel.EMERGENCY, title="Campus fermé", text="Restez chez vous.", ends_at=None)
    from home import emergency

    emergency.forget()
    answer = client.get("/_portal/offline.fr")
    page = soup(answer)

    assert "Campus fermé" in page.select_one(".emergencies").text
    assert page.select_one("a[href='mailto:aide@test.example']")
    assert page.select_one("a[href='tel:0300000000']")
    assert page.title is not None
    assert page.title.text.endswith("Mon ENT, Université du Test")
    # By this the browser knows that what it keeps is no longer what is said.
    assert answer["X-Version"] != before["X-Version"]
    assert answer["X-Version"] == client.get("/alertes/urgence/fr")["X-Version"]


def test_a_page_asks_for_what_is_public_alone(client: Client, portal: PortalSettings) -> None:
    answer = client.get("/_portal/offline.fr").content.decode()

    assert set(re.findall(r'(?:src|href)="(https?:)?//', answer)) == set()
    assert Page.objects.exists()
