"""Titles and texts of the length real ones have, made of French words, the same at every run."""

from __future__ import annotations

import html
import random
import uuid
from typing import Any

# Words of the searches that are timed: in about 44 %, 2.4 % and 0.1 % of the pages.
COMMON, MIDDLING, RARE = "université", "alternance", "paléographie"
COMMON_SHARE, MIDDLING_SHARE = 0.44, 0.024

NOUNS = [
    "inscription",
    "examen",
    "bourse",
    "stage",
    "bibliothèque",
    "campus",
    "logement",
    "concours",
    "colloque",
    "atelier",
    "séminaire",
    "calendrier",
    "dossier",
    "procédure",
    "rentrée",
    "formation",
    "recherche",
    "laboratoire",
    "conférence",
    "permanence",
    "entretien",
    "convention",
    "diplôme",
    "mobilité",
    "santé",
    "handicap",
    "sport",
    "culture",
    "orchestre",
    "exposition",
    "messagerie",
    "plateforme",
    "réseau",
    "sécurité",
    "restauration",
    "transport",
    "budget",
    "commission",
    "élection",
    "conseil",
    "congé",
    "contrat",
    "recrutement",
    "mutation",
    "télétravail",
    "formulaire",
    "attestation",
    "certificat",
    "relevé",
]
PLACES = [
    "de licence",
    "de master",
    "du campus nord",
    "du campus sud",
    "de la faculté de droit",
    "de la faculté des lettres",
    "de l’école d’ingénieurs",
    "de l’IUT",
    "des doctorants",
    "des personnels",
    "des étudiants internationaux",
    "de l’année",
    "du semestre",
    "de la bibliothèque",
    "du service de santé",
    "de la direction des études",
    "de l’accueil",
]
VERBS = [
    "ouvre",
    "ferme",
    "change",
    "reprend",
    "commence",
    "continue",
    "se",
    "prépare",
    "évolue",
    "s’organise",
    "se",
    "termine",
]
GLUE = [
    "dans",
    "pour",
    "avec",
    "sans",
    "selon",
    "après",
    "avant",
    "chaque",
    "votre",
    "leur",
    "notre",
    "cette",
    "plusieurs",
    "toutes",
    "certains",
    "lors",
    "depuis",
    "jusque",
    "auprès",
    "demande",
    "réponse",
    "délai",
    "date",
    "lieu",
    "salle",
    "heure",
    "équipe",
    "guichet",
    "agent",
    "étudiant",
    "enseignant",
    "document",
    "pièce",
    "adresse",
]


def title(rng: random.Random, number: int) -> str:
    """Return a title of some fifty characters; `number` makes it unlike any other."""
    return f"{rng.choice(NOUNS).capitalize()} et {rng.choice(NOUNS)} {rng.choice(PLACES)} ({number})"


def sentence(rng: random.Random) -> str:
    words = [rng.choice(NOUNS), rng.choice(PLACES), rng.choice(VERBS), *rng.choices(GLUE + NOUNS, k=rng.randint(6, 18))]
    return f"La {' '.join(words)}."


def summary(rng: random.Random) -> str:
    return f"{sentence(rng)} {sentence(rng)}"[:280]


def _block(kind: str, value: Any, rng: random.Random) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.UUID(int=rng.getrandbits(128), version=4))}


def paragraph(rng: random.Random, *, word: str = "") -> str:
    text = " ".join(sentence(rng) for _ in range(rng.randint(3, 6)))
    return f"<p>{html.escape(f'{word} {text}'.strip())}</p>"


def body(rng: random.Random, *, words: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return the blocks of a page of some 2,500 characters that holds `words`."""
    blocks = [_block("text", paragraph(rng, word=" ".join(words)), rng)]
    for _ in range(rng.randint(1, 3)):
        blocks.append(_block("heading", {"text": sentence(rng)[:80]}, rng))
        blocks.append(_block("text", paragraph(rng) + paragraph(rng), rng))
    if rng.random() < 0.4:
        blocks.append(_block("callout", {"tone": "info", "title": "À savoir", "text": paragraph(rng)}, rng))
    return blocks


def steps(rng: random.Random) -> list[dict[str, Any]]:
    return [
        _block("step", {"title": sentence(rng)[:80], "text": paragraph(rng)}, rng) for _ in range(rng.randint(3, 6))
    ]
