"""A page of all blocks, for the tests that look at each of them."""

from __future__ import annotations

from typing import Any

from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile

from content.models import PortalImage, PortalPage
from tests.factories import (
    CataloguePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    PortalDocumentFactory,
    SectionPageFactory,
    SectionsIndexPageFactory,
    ServicePageFactory,
    StandardPageFactory,
    UnitFactory,
)


def picture(title: str = "Le campus", **said: Any) -> PortalImage:
    """Return an image of the library; the caller says what of it is described."""
    from io import BytesIO

    from PIL import Image

    made = BytesIO()
    Image.new("RGB", (1200, 800), "#1c6a5c").save(made, "PNG")
    made.seek(0)
    image: PortalImage = PortalImage.objects.create(title=title, file=ImageFile(made, name="campus.png"), **said)
    return image


def every_block(*, page: int, service: int, document: int, unit: int, image: int) -> list[dict[str, Any]]:
    """Return the raw data of a body that holds each block once, leading to these."""
    links = [f'<a linktype="page" id="{page}">la nouvelle</a>']
    links += [f'<a linktype="document" id="{document}">le fichier</a>']
    links += ['<a href="mailto:aide@valmont.example">Écrire</a>', '<a href="tel:+33300001810">appeler</a>']
    prose = f"<p>Lire {', '.join(links)}.</p>"
    shown = {"image": image, "alternative": "Le campus sous la neige", "decorative": False, "caption": "Campus Nord"}
    columns = [{"type": "text", "heading": "Diplôme"}, {"type": "prose", "heading": "Où demander"}]
    columns += [{"type": "text", "heading": f"Droits de l’année {year}"} for year in (2025, 2026, 2027)]
    step = {"title": "S’inscrire", "text": prose, "page": page, "url": "", "label": ""}
    contact = {
        "unit": unit, "name": "Accueil", "role": "Inscriptions", "place": "Bâtiment A", "hours": "9 h – 17 h",
        "phone": "03 00 00 18 10", "email": "accueil@valmont.example",
    }  # fmt: skip
    date = {"label": "Clôture des inscriptions", "starts_on": "2031-05-12", "starts_at": "17:00:00"}
    place = {"title": "Présidence", "address": "1, place du Parvis\nValmont", "latitude": 48.85, "longitude": -2.35}
    video = {
        "title": "La bibliothèque en trois minutes", "url": "https://pod.valmont.example/video/12", "duration": "3 min",
        "poster": image, "transcript": "<p>Bienvenue à la bibliothèque.</p>",
    }  # fmt: skip
    values: dict[str, Any] = {
        "heading": {"text": "Ce qu’il faut savoir", "level": "2"},
        "text": f"{prose}<ul><li>un</li><li>deux</li></ul>",
        "callout": {"tone": "deadline", "title": "Avant le 30 septembre", "text": prose},
        "quote": {"text": "J’ai trouvé ma voie.", "source": "Amina Diallo"},
        "code": {"language": "Python", "text": "for mot in mots:\n    print(mot)  # " + "long " * 40},
        "steps": {"items": [step, {**step, "title": "Payer", "page": None, "url": "https://cvec.example/"}]},
        "accordion": {"items": [{"title": "Puis-je m’inscrire en retard ?", "text": prose}]},
        "table": {
            "caption": "Droits d’inscription",
            "table": {
                "columns": columns,
                "rows": [{"values": ["Licence", prose, "170 €", "175 €", "178 €"]}],
                "caption": "",
            },
            "row_headers": True,
        },
        "image": shown,
        "gallery": {"items": [shown, {**shown, "alternative": "", "decorative": True, "caption": ""}]},
        "video": video,
        "pages": [page],
        "documents": [document],
        "service": service,
        "contact": contact,
        "dates": {"title": "Calendrier", "items": [date, {**date, "starts_at": None}]},
        "figures": {"items": [{"value": "1 400", "label": "places de travail"}, {"value": "62 h", "label": "ouvert"}]},
        "map": place,
        "legal": None,
        "cookies": None,
        "accessibility": None,
        "changes": None,
    }  # fmt: skip
    return [{"type": name, "value": value} for name, value in values.items()]


KEYS_OF_STRUCTURE = {"type", "level", "tone"}


def poisoned(raw: Any, words: str) -> Any:
    """Return stored data in which every text is `words`."""
    if isinstance(raw, dict):
        return {key: one if key in KEYS_OF_STRUCTURE else poisoned(one, words) for key, one in raw.items()}
    if isinstance(raw, list):
        return [poisoned(one, words) for one in raw]
    return words if isinstance(raw, str) else raw


def plant(home: PortalPage, *, slug: str = "tous-les-blocs", **more: Any) -> Any:
    """Put under `home` a page of all blocks, and what they lead to; `more` is said of every one of those."""
    news = NewsPageFactory(
        parent=NewsIndexPageFactory(parent=home, slug=f"{slug}-news", show_in_menus=False),
        title="Concert au parvis",
        **more,
    )
    catalogue = CataloguePageFactory(parent=home, slug=f"{slug}-services", show_in_menus=False)
    service = ServicePageFactory(parent=catalogue, title="Prêt d’ordinateurs", summary="Un mois.", **more)
    unit = UnitFactory(name="Scolarité centrale", acronym="SCO", parent=UnitFactory(name="Direction des études"))
    sections = SectionsIndexPageFactory(parent=home, slug=f"{slug}-sections", show_in_menus=False)
    SectionPageFactory(parent=sections, title="La scolarité", unit=unit, **more)
    file = SimpleUploadedFile("reglement.pdf", b"%PDF-1.4")
    document = PortalDocumentFactory(title="Règlement des études", file=file, access=more.get("access", "recommended"))
    document.audiences.set(more.get("audiences", []))
    body = every_block(page=news.pk, service=service.pk, document=document.pk, unit=unit.pk, image=picture().pk)
    return StandardPageFactory(parent=home, title="Tous les blocs", slug=slug, body=body)
