"""What every request gets: an id, headers, a policy; and what watches the portal."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from portal.logs import JsonFormatter, RequestIdFilter

from audience.models import Access
from search.models import Heartbeat
from tests.factories import NewsPageFactory
from tests.reading import soup

PAGES = ["/", "/actualites/", "/recherche/?q=x", "/en/", "/nulle-part/", "/actualites/rss/"]


@pytest.fixture
def beating(db: None) -> None:
    Heartbeat.objects.create(at=timezone.now())


def test_live_says_that_the_process_serves(client: Client) -> None:
    answer = client.get("/health/live")

    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.usefixtures("kept_bodies", "beating")
def test_ready_says_that_every_part_answers(client: Client) -> None:
    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "cache": "ok", "worker": "ok"}


@pytest.mark.usefixtures("kept_bodies")
@pytest.mark.parametrize("age", [None, timedelta(minutes=10)])
def test_a_worker_that_does_not_go_round_is_late(client: Client, db: None, age: timedelta | None) -> None:
    if age:
        Heartbeat.objects.create(at=timezone.now() - age)

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "ok", "cache": "ok", "worker": "late"}


@pytest.mark.usefixtures("kept_bodies", "beating")
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_said_and_the_process_lives(client: Client, error: type[Exception]) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise error("host db.internal is away")

    with connection.execute_wrapper(broken):
        ready, live = client.get("/health/ready"), client.get("/health/live")

    assert ready.status_code == 503
    assert ready.json() == {"ready": False, "database": "away", "cache": "ok", "worker": "unknown"}
    assert "internal" not in ready.content.decode()
    assert live.status_code == 200


@pytest.mark.usefixtures("beating")
def test_a_cache_that_keeps_nothing_is_said(client: Client) -> None:
    assert client.get("/health/ready").json()["cache"] == "away"


def test_health_is_only_read(client: Client) -> None:
    assert client.post("/health/live").status_code == 405
    assert client.post("/health/ready").status_code == 405


@pytest.mark.django_db
def test_each_answer_carries_its_id(client: Client, home: Any) -> None:
    first, second = (client.get("/")["X-Request-ID"] for _time in range(2))

    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


@pytest.mark.parametrize(
    ("given", "kept"),
    [("proxy-4711-abc", True), ("short", False), ("éééééééééé", False), ("a b c d e f g", False), ("x" * 65, False)],
)
def test_an_id_given_by_the_proxy_is_kept_when_it_is_one(client: Client, given: str, kept: bool) -> None:
    answer = client.get("/health/live", headers={"X-Request-ID": given})

    assert (answer["X-Request-ID"] == given) is kept


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_the_pages_of_the_portal_allow_nothing_inline(client: Client, news_index: Any, address: str) -> None:
    answer = client.get(address)
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";") if part.strip())

    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    if answer["Content-Type"].startswith("text/html"):
        page = soup(answer)
        assert page.select("[style], style, script:not([src]), [onclick], [onload]") == []
        assert all(script["src"].startswith("/static/") for script in page.select("script"))
        assert all(link["href"].startswith("/") for link in page.select('link[rel="stylesheet"], link[rel="icon"]'))


@pytest.mark.django_db
def test_the_admin_has_a_policy_of_its_own(administrator: Client, home: Any) -> None:
    policy = administrator.get("/admin/")["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "object-src 'none'" in policy
    assert "*" not in policy
    # What only looks like the admin's address is the portal's.
    assert "unsafe" not in administrator.get("/administration/")["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PAGES, "/admin/", "/sitemap.xml", "/health/live"])
def test_every_answer_has_the_headers_that_protect(client: Client, news_index: Any, address: str) -> None:
    answer = client.get(address)

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_the_session_is_out_of_reach_of_scripts_and_of_other_sites(sign_in: Any, home: Any) -> None:
    browser = sign_in()
    browser.post("/voir-comme/", {})

    cookie = browser.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.django_db
def test_robots_are_told_where_the_public_pages_are(client: Client) -> None:
    said = client.get("/robots.txt").content.decode()

    assert "Disallow: /admin/" in said
    assert "Sitemap: http://testserver/sitemap.xml" in said


@pytest.fixture
def written() -> Any:
    """Collect the log lines as they are written, from all loggers and at all levels."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Collector()
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)


@pytest.mark.django_db
def test_logs_say_nothing_of_who_reads_what(
    written: list[str], sign_in: Any, news_index: Any, staff: Any, students: Any
) -> None:
    person = {"first_name": "Hedwige", "last_name": "Quenouille", "email": "hedwige@valmont.example"}
    browser = sign_in([staff], username="hq4711", is_superuser=True, **person)
    hidden = NewsPageFactory(
        parent=news_index, title="Plan confidentiel", slug="plan-secret", audiences=[students], access=Access.RESERVED
    )
    other = sign_in([staff])
    for address in ("/", hidden.url, "/recherche/?q=maladie", "/nulle-part/?jeton=4711", "/compte/", "/admin/"):
        browser.get(address)
        other.get(address)
    browser.post("/voir-comme/", {"audience": [students.pk]})
    browser.post("/recherche/", {"q": "maladie"})
    Client(enforce_csrf_checks=True).post("/voir-comme/", {"nom": "Quenouille"})

    said = "\n".join(written)
    for word in ("Hedwige", "Quenouille", "hedwige", "hq4711", "confidentiel", "plan-secret", "maladie", "jeton"):
        assert word not in said, word
    assert "see as: account" in said


@pytest.mark.django_db
def test_a_line_of_the_log_carries_the_id_of_its_request(written: list[str], sign_in: Any, home: Any) -> None:
    answer = sign_in(is_superuser=True).post("/voir-comme/", {})

    (line,) = (json.loads(one) for one in written if "see as" in one)
    assert line["request"] == answer["X-Request-ID"]
    assert line["logger"] == "audience.see_as"
    assert line["level"] == "INFO"
    assert line["time"].endswith("+00:00")


def test_the_worker_says_nothing_of_each_look_at_its_tasks() -> None:
    # It looks each second: two lines of it would be thirty megabytes of log a day.
    assert not logging.getLogger("django_tasks_db").isEnabledFor(logging.INFO)


def test_a_line_is_one_line_whatever_was_said(written: list[str], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        try:
            raise ValueError("two\nlines")
        except ValueError:
            logging.getLogger("parvis").exception("a\nb « c »")

    (line,) = (one for one in written if '"parvis"' in one)
    assert "\n" not in line
    assert json.loads(line)["message"] == "a\nb « c »"
    assert "ValueError: two" in json.loads(line)["error"]


def test_nothing_of_the_portal_needs_a_site_of_others(home: Any, client: Client) -> None:
    page = soup(client.get("/"))

    loaded = page.select("script, img, link:not([rel=alternate]), iframe")
    addresses = [tag.get("src") or tag.get("href") for tag in loaded]
    assert [one for one in addresses if one and "//" in one and not one.startswith("http://testserver")] == []
