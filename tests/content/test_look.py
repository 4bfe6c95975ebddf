"""How the portal looks: the accent of an institution can be read, and what is uploaded cannot act."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from content.accent import DARK, LIGHT, Accent, ratio, readable
from content.logos import cleaned_svg, icon_file, logo_file
from content.models import PortalSettings
from home.models import HomePage
from tests.reading import soup

HUES = ["#0b5a4d", "#9b1b30", "#1f4e9e", "#5b3a86", "#7a4526", "#000000", "#0f5f6e", "#a5261c"]


def picture(side: int, *, kind: str = "PNG", tall: int = 0) -> bytes:
    made = BytesIO()
    Image.new("RGBA", (side, tall or side), "#9b1b30").save(made, kind)
    return made.getvalue()


def fields(**given: Any) -> dict[str, Any]:
    streams = {f"{name}-count": "0" for name in ("words", "quick_links", "footer", "legal")}
    return {"name": "Mon ENT", "institution": "Université du Test", **streams, **given}


# The accent


@pytest.mark.parametrize("colour", HUES)
def test_what_is_derived_from_a_readable_accent_can_be_read_in_both_themes(colour: str) -> None:
    assert Accent.of(colour).failures() == []
    assert ratio(Accent.of(colour).dark, "#121614") >= 4.5


@pytest.mark.parametrize("colour", ["#ffd200", "#e2001a", "#00a3e0", "#f39200", "#ffffff", "#808080"])
def test_a_colour_too_pale_is_refused_with_what_was_measured_and_one_that_would_do(colour: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PortalSettings(name="Portail", institution="Université", accent=colour).full_clean()

    words = refused.value.message_dict["accent"][0]
    nearest = readable(colour, LIGHT)
    measured = f"{ratio(colour, '#f4f3ee'):.2f}"
    assert measured in words
    assert nearest in words
    assert Accent.of(nearest).failures() == []


def test_a_colour_too_dark_for_the_dark_theme_is_refused_there() -> None:
    with pytest.raises(ValidationError) as refused:
        PortalSettings(name="P", institution="U", accent="#9b1b30", accent_dark="#9b1b30").full_clean()

    assert set(refused.value.message_dict) == {"accent_dark"}
    assert readable("#9b1b30", DARK) in refused.value.message_dict["accent_dark"][0]


@pytest.mark.parametrize("colour", ["red", "#12", "#12345g", "#0b5a4d;", "url(x)"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PortalSettings(name="P", institution="U", accent=colour).full_clean()

    assert "accent" in refused.value.message_dict


@pytest.mark.django_db
def test_the_colours_have_a_sheet_of_their_own_whose_address_changes_with_them(client: Client, home: HomePage) -> None:
    def sheets() -> list[str]:
        return [link["href"] for link in soup(client.get("/")).select("link[rel=stylesheet]")]

    assert len(sheets()) == 1

    said = PortalSettings.load()
    said.accent = "#9b1b30"
    said.save()
    first = sheets()[1]
    answer = client.get(first)

    assert "--accent:light-dark(#9b1b30," in answer.content.decode()
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    said.accent = "#1f4e9e"
    said.save()
    assert sheets()[1] != first
    # A page that was open asks for the old one: it is given the colours of now, and keeps them for no one.
    late = client.get(first)
    assert "#1f4e9e" in late.content.decode()
    assert "immutable" not in late["Cache-Control"]


# The logo


HOSTILE = b"""<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 viewBox="0 0 9 9" onload="alert(1)"><script>alert(2)</script><style>@import url(//elsewhere.example/x.css);</style>
<style>.a{fill:#9b1b30}</style><foreignObject>
<body xmlns="http://www.w3.org/1999/xhtml"><img src="x"/></body></foreignObject>
<a xlink:href="javascript:alert(3)"><text>lien</text></a><image href="https://elsewhere.example/x.png"/>
<animate attributeName="href" values="javascript:alert(4)"/><use xlink:href="//elsewhere.example/x.svg#a"/>
<rect class="a" width="9" height="9" style="fill:url(https://elsewhere.example/y)" onclick="alert(5)"/>
<use href="#shape"/><path id="shape" fill="url(#g)" d="M0 0h9"/></svg>"""


def test_a_drawing_keeps_its_shapes_and_nothing_that_acts_or_asks() -> None:
    clean = cleaned_svg(HOSTILE).decode()

    for word in (
        "script",
        "alert",
        "onload",
        "onclick",
        "elsewhere",
        "foreignObject",
        "javascript",
        "animate",
        "import",
    ):
        assert word not in clean, word
    for word in ("viewBox", ".a{fill:#9b1b30}", 'href="#shape"', "url(#g)", "M0 0h9"):
        assert word in clean, word


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a drawing",
        b"<html><script>alert(1)</script></html>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    ],
)
def test_what_is_no_drawing_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError):
        cleaned_svg(content)


@pytest.mark.parametrize("name", ["logo.png", "logo.svg", "logo.html"])
def test_a_page_that_is_called_a_picture_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        logo_file(SimpleUploadedFile(name, b"<html><script>alert(1)</script></html>"))


def test_a_picture_is_written_anew_under_a_name_of_what_it_holds() -> None:
    kept = logo_file(SimpleUploadedFile("../../x.php.png", picture(80, tall=40) + b"<script>"))

    assert kept.name is not None
    assert kept.name.startswith("logo-")
    assert kept.name.endswith(".png")
    assert b"<script>" not in kept.read()


def test_an_icon_is_a_large_square() -> None:
    assert icon_file(SimpleUploadedFile("icon.png", picture(600))).name
    for wrong in (picture(200), picture(600, tall=512)):
        with pytest.raises(ValidationError):
            icon_file(SimpleUploadedFile("icon.png", wrong))


# The form


@pytest.fixture
def form(db: None) -> str:
    return f"/admin/settings/content/portalsettings/{PortalSettings.load().pk}/"


@pytest.fixture
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.mark.django_db
def test_an_administrator_gives_the_portal_its_name_its_logo_and_its_colour(
    administrator: Client, client: Client, home: HomePage, files: None, form: str
) -> None:
    given = fields(
        accent="#9B1B30", logo=SimpleUploadedFile("l.svg", HOSTILE), icon=SimpleUploadedFile("i.png", picture(512))
    )

    assert administrator.post(form, given).status_code == 302

    said = PortalSettings.objects.get()
    assert (said.name, said.accent) == ("Mon ENT", "#9b1b30")
    with said.logo.open() as logo:
        assert b"alert" not in logo.read()
    page = soup(client.get("/"))
    assert page.select_one(".brand__logo")["src"] == said.logo.url
    assert page.select_one(".brand__name").text == "Mon ENT"
    assert page.title is not None
    assert page.title.text.endswith("Mon ENT, Université du Test")
    assert "Université de Valmont" not in str(page)
    assert client.get(page.select_one("link[rel=icon]")["href"])["Content-Type"] == "image/png"
    # What is not sent again stays; the admin goes by the same name.
    assert administrator.post(form, fields(accent="#9b1b30")).status_code == 302
    assert PortalSettings.objects.get().logo == said.logo
    assert "Mon ENT" in administrator.get("/admin/").content.decode()
    assert "Wagtail</title>" not in administrator.get(form).content.decode()


@pytest.mark.django_db
def test_the_form_says_what_is_wrong_with_a_colour_and_saves_nothing(
    administrator: Client, home: HomePage, form: str
) -> None:
    answer = administrator.post(form, fields(accent="#ffd200"))

    assert answer.status_code == 200
    assert "1.31" in answer.content.decode()
    assert not PortalSettings.objects.filter(accent="#ffd200").exists()


@pytest.mark.django_db
def test_only_who_holds_the_right_changes_the_settings(sign_in: Any, client: Client, home: HomePage, form: str) -> None:
    assert client.post(form, fields()).status_code == 302
    assert sign_in([]).post(form, fields()).status_code in {302, 403}
    assert not PortalSettings.objects.filter(name="Mon ENT").exists()
