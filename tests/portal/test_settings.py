"""Production refuses to start without what it needs, and says what and where to read of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from portal import env

from content import checks

ROOT = Path(__file__).resolve().parents[2]
GIVEN = {
    "PARVIS_SECRET_KEY": "aZ3_eR7-tY9pLk5Wq1XcV8bNm2Gh4Jf6Ds0" * 2,
    "PARVIS_HOSTS": "portail.valmont.example",
    "PARVIS_DATABASE_URL": "sqlite:///{folder}/parvis.sqlite3",
    "PARVIS_BASE_URL": "https://portail.valmont.example",
    "PARVIS_MEDIA_ROOT": "{folder}/media",
    "PARVIS_PRIVATE_ROOT": "{folder}/private",
    "OIDC_ISSUER": "https://idp.valmont.example",
    "OIDC_RP_CLIENT_ID": "parvis",
    "OIDC_RP_CLIENT_SECRET": "s" * 40,
}
# Frames of its own pages (previews), and subdomains that are others' to speak for.
ACCEPTED = {"security.W005", "security.W019", "security.W021"}


def start(tmp_path: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """Run a command with production's settings and an environment that holds these variables alone."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings.production"}
    environment |= {name: value.format(folder=tmp_path) for name, value in given.items()}
    command = [sys.executable, "manage.py", *(words or ("check",))]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)


def test_it_starts_with_what_it_needs_and_passes_djangos_own_check(tmp_path: Path) -> None:
    done = start(tmp_path, "check", "--deploy", **GIVEN)

    assert done.returncode == 0, done.stderr
    assert set(re.findall(r"\(([\w.]+\.[WE]\d+)\)", done.stderr)) <= ACCEPTED


@pytest.mark.parametrize("name", GIVEN)
def test_it_does_not_start_without_one_of_them(tmp_path: Path, name: str) -> None:
    done = start(tmp_path, **{other: value for other, value in GIVEN.items() if other != name})

    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode != 0
    assert last.endswith(f"{name} is not set; see docs/operate.md")


def test_a_database_it_does_not_know_is_said(tmp_path: Path) -> None:
    done = start(tmp_path, **{**GIVEN, "PARVIS_DATABASE_URL": "mysql://u:p@h/n"})

    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode != 0
    assert "'mysql' is not a database the portal knows" in last
    assert "u:p" not in last


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", ("localhost", 25, "", "", False, False)),
        ("smtp://relais.example", ("relais.example", 25, "", "", False, False)),
        ("smtp+starttls://moi:p%40ss@smtp.example", ("smtp.example", 587, "moi", "p@ss", True, False)),
        ("smtps://moi:secret@smtp.example:4465", ("smtp.example", 4465, "moi", "secret", False, True)),
    ],
)
def test_a_mail_server_is_one_address(monkeypatch: pytest.MonkeyPatch, url: str, server: tuple[object, ...]) -> None:
    monkeypatch.setenv("PARVIS_EMAIL_URL", url)
    assert tuple(env.mail("PARVIS_EMAIL_URL")) == server


def test_a_mail_server_it_does_not_know_is_said_without_its_password(tmp_path: Path) -> None:
    done = start(tmp_path, **GIVEN, PARVIS_EMAIL_URL="imap://u:secret@h")

    assert done.returncode != 0
    assert "PARVIS_EMAIL_URL is not the address of a mail server" in done.stderr
    assert "secret" not in done.stderr.strip().splitlines()[-1]


def test_a_language_without_a_catalogue_is_said(settings: Any) -> None:
    assert list(checks.languages_have_catalogues(None)) == []
    settings.LANGUAGES = [*settings.LANGUAGES, ("pt-br", "Português")]

    [said] = checks.languages_have_catalogues(None)
    assert "pt_BR" in str(said.hint)


def test_what_must_be_given_is_explained_where_it_says() -> None:
    explained = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    source = (ROOT / "site" / "portal" / "settings" / "production.py").read_text(encoding="utf-8")

    asked = set(re.findall(r'env\.required\("(\w+)"\)', source))
    assert asked == set(GIVEN)
    assert {name for name in asked if name not in explained} == set()
