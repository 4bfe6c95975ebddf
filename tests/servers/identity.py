"""Real identity providers, started without Docker: Keycloak from the Java registry, oidc-provider from npm."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

HERE = Path(__file__).resolve().parent
KEYCLOAK, PANVA = HERE / "keycloak", HERE / "oidc_provider"
VERSION = "26.4.7"
REALM = "univ"
PATIENCE = 400  # seconds: two processors may have much else to do


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time fetch what stands in `folder`; the others wait, and find it there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keycloak_archive() -> Path:
    """Return the archive of Keycloak, fetched at the first call."""
    archive = KEYCLOAK / "target" / f"keycloak-quarkus-dist-{VERSION}.zip"
    with alone(archive.parent):
        if not archive.exists():
            artifact = f"-Dartifact=org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
            subprocess.run(
                ["mvn", "-q", "-B", "dependency:copy", artifact, f"-DoutputDirectory={archive.parent}"],
                cwd=KEYCLOAK, check=True,
            )  # fmt: skip
    return archive


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5)
    except urllib.error.HTTPError as error:
        return error.code < 500 and error.code != 404
    except OSError:
        return False
    return True


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while not answers(address):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{address} does not answer")
        time.sleep(0.3)


@contextmanager
def running(command: list[str], address: str, log: Path, **options: Any) -> Iterator[None]:
    """Run a server and all that it starts, from its first answer at `address` to the end."""
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=written, stderr=written, start_new_session=True, **options)
    try:
        wait_for(address, process)
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


class Keycloak:
    """A running Keycloak, and what its administrator changes there."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.issuer = f"{address}/realms/{REALM}"

    def _asked(self, method: str, path: str, **options: Any) -> requests.Response:
        credentials = {"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": "admin"}
        token = requests.post(f"{self.address}/realms/master/protocol/openid-connect/token", credentials, timeout=30)
        answer = requests.request(
            method,
            f"{self.address}/admin/realms/{REALM}/{path}",
            headers={"Authorization": f"Bearer {token.json()['access_token']}"},
            timeout=30,
            **options,
        )
        answer.raise_for_status()
        return answer

    def user(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self._asked("GET", f"users?username={name}&exact=true").json()[0]
        return found

    def say(self, name: str, **attributes: list[str]) -> None:
        """Change what is said of a user."""
        user = self.user(name)
        user["attributes"] = {**user.get("attributes", {}), **attributes}
        self._asked("PUT", f"users/{user['id']}", json=user)

    def end_sessions(self, name: str) -> None:
        self._asked("POST", f"users/{self.user(name)['id']}/logout")


@contextmanager
def keycloak(folder: Path, *, port: int, portal: str) -> Iterator[Keycloak]:
    """Run Keycloak with the realm of realm.json, for the portal at `portal`, kept in memory.

    It writes among its own files, at its start most of all, so each one that runs has them to itself, in `folder`.
    """
    shutil.unpack_archive(keycloak_archive(), folder)
    home = folder / f"keycloak-{VERSION}"
    imported = home / "data" / "import" / "realm.json"
    imported.parent.mkdir(parents=True, exist_ok=True)
    realm = (KEYCLOAK / "realm.json").read_text(encoding="utf-8")
    imported.write_text(realm.replace("PORTAL", portal), encoding="utf-8")
    environment = {
        **os.environ,
        "JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx512m",
        "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1",
        "KC_BOOTSTRAP_ADMIN_USERNAME": "admin",
        "KC_BOOTSTRAP_ADMIN_PASSWORD": "admin",
    }
    command = [
        "bash", "bin/kc.sh", "start-dev", "--import-realm", "--db=dev-mem",
        "--http-host=127.0.0.1", f"--http-port={port}",
    ]  # fmt: skip
    running_one = Keycloak(f"http://127.0.0.1:{port}")
    ready = f"{running_one.issuer}/.well-known/openid-configuration"
    try:
        with running(command, ready, folder / "keycloak.log", cwd=home, env=environment):
            yield running_one
    finally:
        shutil.rmtree(home, ignore_errors=True)


class OidcProvider:
    """A running oidc-provider, and what a test has it say and do wrong."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def say(self, sub: str, **claims: Any) -> None:
        requests.post(f"{self.issuer}/said", json={sub: claims}, timeout=10).raise_for_status()

    def go_wrong(self, **how: int) -> None:
        """`late`: seconds until its tokens come; `key`: 1 to sign with a new key, which forgets all sessions."""
        requests.post(f"{self.issuer}/wrong", json=how, timeout=10).raise_for_status()


@contextmanager
def oidc_provider(folder: Path, *, port: int, portal: str) -> Iterator[OidcProvider]:
    """Run oidc-provider for the portal at `portal`; it is installed at the first call."""
    with alone(PANVA / "target"):
        if not (PANVA / "node_modules" / "oidc-provider").exists():
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=PANVA, check=True)
    running_one = OidcProvider(f"http://127.0.0.1:{port}")
    ready = f"{running_one.issuer}/.well-known/openid-configuration"
    with running(["node", "server.mjs", str(port), portal], ready, folder / "oidc_provider.log", cwd=PANVA):
        yield running_one
