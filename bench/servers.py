"""The servers that are compared: the portal, and what `wagtail start` gives, each under gunicorn on loopback."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench import cpu
from bench.cluster import free_port

ROOT = Path(__file__).resolve().parents[1]
GUNICORN = str(Path(sys.executable).with_name("gunicorn"))


def portal_environment(url: str, files: Path) -> dict[str, str]:
    """Return the environment in which the portal runs as in production, on the database at `url`."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "PARVIS_SECRET_KEY": "of a bench that nobody else reaches",
        "PARVIS_HOSTS": "127.0.0.1,testserver",
        "PARVIS_DATABASE_URL": url,
        "PARVIS_BASE_URL": "http://127.0.0.1",
        "PARVIS_MEDIA_ROOT": str(files / "media"),
        "PARVIS_PRIVATE_ROOT": str(files / "private"),
        "PARVIS_STATIC_ROOT": str(files / "static"),
        "OIDC_ISSUER": "http://127.0.0.1:9",
        "OIDC_RP_CLIENT_ID": "bench",
        "OIDC_RP_CLIENT_SECRET": "bench",
    }


def bare_environment(url: str, files: Path) -> dict[str, str]:
    """Return the environment of the bare project under `files`, on the database at `url`."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "bare_settings",
        # Its rooms are named as some of ours are: ours are not on its path.
        "PYTHONPATH": os.pathsep.join([str(files / "bare"), str(ROOT / "site")]),
        "BENCH_BARE_DATABASE_URL": url,
    }


def python(arguments: list[str], environment: dict[str, str], *, given: str = "", cwd: Path = ROOT) -> str:
    """Run this Python with `arguments`; return what it printed. Raises RuntimeError with what it complained of."""
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=cwd, input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def make_bare_project(files: Path) -> None:
    """Make what `wagtail start bare` gives, as it is."""
    start = [str(Path(sys.executable).with_name("wagtail")), "start", "bare", str(files / "bare")]
    (files / "bare").mkdir()
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(ROOT / "bench" / "bare_settings.py", files / "bare")


def manage(arguments: list[str], environment: dict[str, str], *, cwd: Path = ROOT) -> str:
    return python(["-m", "django", *arguments], environment, cwd=cwd)


@dataclass
class Server:
    """One gunicorn: sync workers, so that a worker's CPU is that of its requests."""

    name: str
    environment: dict[str, str]
    application: str
    database: str  # its URL
    postmaster: int | None
    logs: Path
    root: Path = ROOT
    workers: int = 1
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self.logs / f"{self.name}.log").open("wb")
        options = [f"--workers={self.workers}", f"--bind=127.0.0.1:{self.port}", "--no-control-socket", "--timeout=120"]
        self.process = subprocess.Popen(
            [GUNICORN, *options, self.application], env=self.environment, cwd=self.root, stdout=log, stderr=log
        )
        for _try in range(300):
            if self.process.poll() is not None:
                break
            try:
                with_status(self.port, "/", {})
            except (ConnectionRefusedError, ConnectionResetError):
                time.sleep(0.1)
                continue
            return
        raise RuntimeError(f"{self.name} does not start: {(self.logs / f'{self.name}.log').read_text()[-2000:]}")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()

    @property
    def pids(self) -> list[int]:
        """The workers, without gunicorn's arbiter, which serves nothing."""
        return cpu.children(self.process.pid) if self.process else []

    @property
    def _database_name(self) -> str:
        return urlsplit(self.database).path.lstrip("/")

    def backends(self) -> list[int]:
        """The PostgreSQL backends that serve this server's database."""
        return cpu.backends(self.postmaster, self._database_name) if self.postmaster else []

    def spent(self, *, without: set[int]) -> cpu.Spent:
        return cpu.spent(self.pids, self.postmaster, self._database_name, without=without)


def with_status(port: int, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
    """Ask for `path`; return status, headers and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()
    finally:
        connection.close()


def portal(url: str, files: Path, *, name: str, postmaster: int | None, workers: int = 1) -> Server:
    return Server(name, portal_environment(url, files), "portal.wsgi", url, postmaster, files, workers=workers)


def bare(url: str, files: Path, *, postmaster: int | None) -> Server:
    return Server("bare", bare_environment(url, files), "bare.wsgi", url, postmaster, files, root=files / "bare")
