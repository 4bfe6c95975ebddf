"""The samples of docs/providers.md give what the document says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from accounts.oidc import flattened
from accounts.services import update_names
from audience import claims

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "providers.md").read_text(encoding="utf-8")


def sample(name: str) -> dict[str, Any]:
    section = DOCUMENT.partition(f"## {name}\n")[2]
    found = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return flattened(read)


FIRST_YEAR = [{"level": ["L1"], "unit": ["U01"], "affiliation": ["student"]}]


@pytest.mark.parametrize(
    ("name", "person", "positions"),
    [
        ("Apereo CAS", {"affiliation": ["member"]}, FIRST_YEAR),
        ("Keycloak", {"affiliation": ["member"]}, FIRST_YEAR),
        (
            "Shibboleth OP",
            {
                "affiliation": ["member"],
                "entitlement": ["urn:mace:dir:entitlement:common-lib-terms", "urn:valmont:editor"],
            },
            [{"affiliation": ["employee", "faculty"], "corps": ["301"], "unit": ["U01"]}],
        ),
        (
            "Entra ID",
            {"affiliation": ["staff"], "entitlement": ["urn:valmont:editor"]},
            [{"unit": ["DRH"]}],
        ),
    ],
)
def test_a_sample_is_read_as_the_document_says(name: str, person: Any, positions: Any) -> None:
    read = claims.read(sample(name))

    assert read.person == person
    assert read.positions == positions


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Apereo CAS", "Inès Marchetti"),
        ("Keycloak", "Léa Martin"),
        ("Shibboleth OP", "Antoine Delestre"),
        ("Entra ID", "Sylvie Combes"),
    ],
)
def test_names_are_found_in_each(name: str, shown: str) -> None:
    user = User.objects.create()
    update_names(user, sample(name))

    assert user.get_full_name() == shown


def test_groups_kept_back_give_nothing_and_are_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert claims.read(sample("Entra ID")).values("group") == []

    assert "claims kept back by the provider: groups" in caplog.text
    assert "graph.microsoft" not in caplog.text
