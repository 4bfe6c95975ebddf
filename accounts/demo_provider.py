"""A local OpenID Connect provider: one signs in as a persona by choosing it on a page. Never for real people.

oidc-provider-mock issues the codes, tokens and claims; its pages, which load a style sheet from elsewhere and expect a
subject to be typed, are replaced by ours.
"""

from __future__ import annotations

import logging
import secrets
import threading
import tomllib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import flask
import flask.typing
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from werkzeug.serving import BaseWSGIServer, make_server

with warnings.catch_warnings():
    import authlib.deprecate  # noqa: F401  # first, for it asks to be heard always

    warnings.simplefilter("ignore")  # it announces its own next version
    import oidc_provider_mock

AUTHORIZE = "oidc-provider-mock.authorize"
END_SESSION = "oidc-provider-mock.end_session"
SESSION = "demo_provider_sub"  # the cookie of who signed in last: a silent check answers for them


@dataclass(frozen=True)
class Persona:
    """Someone to sign in as: what the page says of them, and what the provider releases."""

    sub: str
    label: str = ""
    claims: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.claims.get("name") or self.sub)


def read_personas(path: Path) -> list[Persona]:
    """Return the personas of a TOML file: `[[persona]]` with `sub`, `label`, `claims`. Raises KeyError without sub."""
    with path.open("rb") as file:
        listed = tomllib.load(file).get("persona", [])
    return [Persona(sub=row["sub"], label=row.get("label", ""), claims=row.get("claims", {})) for row in listed]


def application(personas: Sequence[Persona]) -> flask.Flask:
    """Return the provider as a WSGI application."""
    app = flask.Flask("parvis-demo-provider")
    app.secret_key = secrets.token_bytes(16)
    plain = app.wsgi_app
    users = [oidc_provider_mock.User(sub=persona.sub, claims=persona.claims) for persona in personas]
    oidc_provider_mock.init_app(app, user_claims=users)
    # The mock turns on a debugger that runs what is typed into it.
    app.debug = False
    app.wsgi_app = plain  # type: ignore[method-assign]

    @app.before_request
    def show_our_pages() -> flask.typing.ResponseReturnValue | None:
        request = flask.request
        if request.endpoint == AUTHORIZE and request.method == "GET":
            if request.args.get("prompt") == "none":
                return _answer_silently(app, request)
            return _page(request, {"personas": personas, "client": request.args.get("client_id", "")})
        if request.endpoint == END_SESSION:
            return _end_session(request)
        return None

    @app.after_request
    def keep_session(response: flask.Response) -> flask.Response:
        request = flask.request
        if (
            request.endpoint == AUTHORIZE
            and request.method == "POST"
            and "code=" in response.headers.get("Location", "")
        ):
            response.set_cookie(SESSION, request.form["sub"], httponly=True, samesite="Lax")
        if request.endpoint == END_SESSION:
            response.delete_cookie(SESSION)
        return response

    @app.get("/portal.css")
    def style() -> flask.typing.ResponseReturnValue:
        found = finders.find("css/portal.css")
        return flask.send_file(found) if found else flask.abort(404)

    return app


def _answer_silently(app: flask.Flask, request: flask.Request) -> flask.typing.ResponseReturnValue:
    """Answer for who signed in last in this browser, or that someone has to (OpenID Connect Core 1.0, 3.1.2.1)."""
    if sub := request.cookies.get(SESSION):
        # Its own endpoint would say for any silent request that someone has to sign in.
        asked = {name: value for name, value in request.args.items() if name != "prompt"}
        address = f"{request.path}?{urlencode(asked)}"
        given = app.test_client().post(address, data={"sub": sub}, base_url=request.host_url)
        return flask.redirect(given.headers["Location"])
    answer = {"error": "login_required", "state": request.args.get("state", "")}
    return flask.redirect(f"{request.args['redirect_uri']}?{urlencode(answer)}")


def _end_session(request: flask.Request) -> flask.typing.ResponseReturnValue:
    """Return the reader to where the client asks, without another question."""
    address = request.values.get("post_logout_redirect_uri", "")
    if urlsplit(address).scheme not in {"http", "https"}:
        return _page(request, {"ended": True})
    state = request.values.get("state")
    return flask.redirect(
        f"{address}{'&' if '?' in address else '?'}{urlencode({'state': state})}" if state else address
    )


def _page(request: flask.Request, context: dict[str, Any]) -> str:
    asked = request.values.get("ui_locales", "")
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        return str(render_to_string("accounts/demo_provider.html", {**context, "language": language}))


@contextmanager
def running(personas: Sequence[Persona], *, host: str = "127.0.0.1", port: int = 0) -> Iterator[BaseWSGIServer]:
    """Run the provider in a thread; `server.server_port` is the port it found when `port` is 0."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its access log would fill the demonstration's
    server = make_server(host, port, application(personas), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
