"""The demonstration's provider."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from django.test import Client

from accounts.demo_provider import read_personas
from tests.accounts.steps import go


def test_its_page_names_the_personas_in_french(client: Client, provider: str) -> None:
    page = requests.get(go(client), timeout=5).text

    assert '<html lang="fr">' in page
    assert "Lecturer" in page
    assert 'value="ada"' in page
    assert "https://" not in page


def test_cancelling_on_its_page_sends_back_an_error(client: Client, provider: str) -> None:
    answer = requests.post(go(client), data={"action": "deny"}, allow_redirects=False, timeout=5)

    assert "error=access_denied" in answer.headers["Location"]


def test_its_sign_out_returns_at_once(provider: str) -> None:
    answer = requests.get(
        f"{provider}/oauth2/end_session",
        {"post_logout_redirect_uri": "http://127.0.0.1:8000/", "state": "s"},
        allow_redirects=False,
        timeout=5,
    )

    assert answer.headers["Location"] == "http://127.0.0.1:8000/?state=s"


def test_it_runs_nothing_that_is_typed_into_an_error(provider: str) -> None:
    assert "debugger" not in requests.get(f"{provider}/oauth2/authorize?__debugger__=yes", timeout=5).text.lower()


def test_it_reads_personas_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "personas.toml"
    path.write_text('[[persona]]\nsub = "a"\nlabel = "One"\n[persona.claims]\nname = "Ada"\n[[persona]]\nsub = "b"\n')

    first, second = read_personas(path)

    assert (first.name, first.label) == ("Ada", "One")
    assert second.name == "b"


def test_a_persona_without_a_subject_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "personas.toml"
    path.write_text('[[persona]]\nlabel = "One"\n')

    with pytest.raises(KeyError):
        read_personas(path)
