"""What the environment gives: read once, at start-up, with a clear refusal."""

import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str) -> str:
    """Return environment variable `name`; the portal refuses to start without it."""
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"{name} is not set; see docs/operate.md") from None


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated words of variable `name`."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, object]:
    """Return Django's settings for `url`: `sqlite:///path` or `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        Path(parts.path).parent.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path,
            # A writer takes its lock at once: a transaction that reads before it writes cannot fail half-way.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            # Where disks do not turn, a page read by an index costs as any other. PostgreSQL's own default of 4 has it
            # read all entries for a search that matches some thousands: 83 ms among 100,000, 23 with this.
            # Statements asked often are prepared, as planning takes longer than answering most: home's, 3.1 ms of its
            # 3.6. A connection keeps the hundred used last.
            "OPTIONS": {
                "options": "-c random_page_cost=1.1",
                "server_side_binding": True,
                "prepare_threshold": 5,
                **dict(parse_qsl(parts.query)),
            },
        }
    raise ImproperlyConfigured(f"{parts.scheme!r} is not a database the portal knows: sqlite or postgresql")


class Mail(NamedTuple):
    """A mail server, and how to speak to it."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    ssl: bool


def mail(name: str) -> Mail:
    """Return the mail server of variable `name`: `smtp://host:25`, `smtp+starttls://user:password@host:587`, `smtps://…`.

    Not given: the one on this machine.
    """
    parts = urlsplit(os.environ.get(name) or "smtp://localhost:25")
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured(f"{name} is not the address of a mail server; see docs/operate.md")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    port = parts.port or ports[parts.scheme]
    starttls, ssl = parts.scheme == "smtp+starttls", parts.scheme == "smtps"
    return Mail(parts.hostname, port, user, password, starttls, ssl)
