"""Audiences, units, and readers who have already signed in."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore

from audience.models import Audience, Kind, KnownReader
from directory.models import Unit

LEVELS = ["L1", "L2", "L3", "M1", "M2", "D"]
NAMES = [
    "Inès",
    "Yanis",
    "Camille",
    "Nour",
    "Lucas",
    "Aïcha",
    "Mehdi",
    "Jeanne",
    "Louise",
    "Karim",
    "Sofia",
    "Hugo",
    "Léa",
    "Bakari",
    "Maud",
    "Tiago",
]


@dataclass(frozen=True)
class House:
    """The university's units and audiences."""

    units: list[Unit]
    statuses: dict[str, Audience]
    levels: list[Audience]
    faculties: list[Audience]  # one for each unit, in their order
    campuses: list[Audience]
    programmes: list[Audience]

    @property
    def broader(self) -> dict[int, int | None]:
        audiences = [*self.statuses.values(), *self.levels, *self.faculties, *self.campuses, *self.programmes]
        return {audience.pk: audience.broader_id for audience in audiences}


def _audiences(kind: str, names: list[str], *, broader: Audience | None = None) -> list[Audience]:
    made = [Audience(slug=f"{kind}-{n}", name=name, kind=kind, broader=broader) for n, name in enumerate(names)]
    return list(Audience.objects.bulk_create(made))


def found_house(*, units: int = 20) -> House:
    """Make units and audiences. No rule is made: who belongs where is given, as a sign-in would have left it."""
    made = Unit.objects.bulk_create(
        Unit(code=f"U{n:02}", name=f"Faculté des savoirs {n}", acronym=f"FS{n}") for n in range(units)
    )
    statuses = _audiences(Kind.STATUS, ["Étudiants", "Enseignants", "Personnels", "Anciens"])
    return House(
        units=list(made),
        statuses=dict(zip(["student", "teacher", "staff", "alumni"], statuses, strict=True)),
        levels=_audiences(Kind.LEVEL, LEVELS, broader=statuses[0]),
        faculties=_audiences(Kind.UNIT, [unit.name for unit in made]),
        campuses=_audiences(Kind.CAMPUS, ["Campus nord", "Campus sud", "Centre-ville"]),
        programmes=_audiences(Kind.PROGRAMME, [f"Parcours {n}" for n in range(20)]),
    )


def combinations(house: House, rng: random.Random, number: int) -> list[tuple[Audience, ...]]:
    """Return what editors tag pages with: some hundred combinations, however many pages there are."""
    alone = [(audience,) for audience in [*house.statuses.values(), *house.levels, *house.faculties]]
    found = {tuple(sorted(some, key=lambda a: a.pk)) for some in alone}
    while len(found) < number:
        some = {rng.choice(house.faculties), rng.choice([*house.levels, *house.statuses.values(), *house.campuses])}
        if rng.random() < 0.3:
            some.add(rng.choice(house.programmes))
        found.add(tuple(sorted(some, key=lambda a: a.pk)))
    return sorted(found, key=lambda some: [a.pk for a in some])


def _position(house: House, rng: random.Random, status: str) -> tuple[list[int], str]:
    """Return the audiences of one enrolment or post, broader ones included, and the code of its unit."""
    number = rng.randrange(len(house.units))
    chosen = [house.statuses[status], house.faculties[number], rng.choice(house.campuses)]
    if status == "student":
        chosen += [rng.choice(house.levels), rng.choice(house.programmes)]
    ids = {audience.pk for audience in chosen}
    ids |= {broader for pk in ids if (broader := house.broader[pk])}
    return sorted(ids), house.units[number].code


def sign_in_readers(house: House, rng: random.Random, *, number: int) -> list[dict[str, Any]]:
    """Make `number` readers of different audiences, each signed in; return name, status and cookie of each."""
    statuses = ["student", "staff", *rng.choices(["student", "staff", "teacher"], weights=[75, 15, 10], k=number - 2)]
    users = get_user_model()._default_manager.bulk_create(
        get_user_model()(
            username=f"bench-{n}",
            first_name=f"{rng.choice(NAMES)}-{n:03}",
            last_name="Marchetti",
            password="!",  # noqa: S106  # none
        )
        for n in range(number)
    )
    known, signed_in = [], []
    for user, status in zip(users, statuses, strict=True):
        held = [_position(house, rng, status) for _ in range(2 if rng.random() < 0.1 else 1)]
        positions = json.dumps(sorted(ids for ids, _ in held))
        known.append(KnownReader(user=user, positions=positions, units=sorted({unit for _, unit in held})))
        signed_in.append({"name": user.first_name, "status": status, "cookie": _session(user)})
    KnownReader.objects.bulk_create(known)
    return signed_in


def _session(user: Any) -> str:
    """Return the key of a session in which `user` is signed in."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
