"""A PostgreSQL of the bench's own: made in a temporary directory, heard on loopback only, gone at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Protocol
from urllib.parse import urlsplit

import psycopg

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "80",
    "shared_buffers": "256MB",
    "autovacuum_naptime": "10s",
    "jit": "off",
}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def programs() -> Path:
    """Return the newest PostgreSQL's programs. Raises FileNotFoundError, saying what to install."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    raise FileNotFoundError("no PostgreSQL here: apt-get install postgresql, or --database URL, or --sqlite")


class Store(Protocol):
    """Where databases are made."""

    postmaster: int | None

    def create(self, name: str, *, like: str = "") -> str:
        """Make the database `name`, empty or a copy of that at the URL `like`, and return its URL."""
        ...

    def statistics(self, url: str) -> None:
        """Let the planner know what a database holds."""
        ...


class Cluster(AbstractContextManager["Cluster"]):
    """A throw-away PostgreSQL under `directory`. As root it runs as the user postgres, as it must."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "postgresql"
        self.port = free_port()
        self.postmaster: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def _as_owner(self, command: list[str]) -> list[str]:
        return (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
            if os.getuid() == 0
            else command
        )

    def __enter__(self) -> Cluster:
        self.directory.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.directory, "postgres", "postgres")
            # The temporary directory above lets its owner alone through.
            self.directory.parent.chmod(0o711)
        data = str(self.directory / "data")
        initdb = [str(programs() / "initdb"), "-D", data, "-U", "bench", "--auth=trust", "--encoding=UTF8"]
        subprocess.run(
            self._as_owner([*initdb, "--locale=C.UTF-8"]), check=True, stdout=subprocess.DEVNULL, cwd=self.directory
        )
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        log = (self.directory.parent / "postgresql.log").open("wb")
        command = [str(programs() / "postgres"), "-D", data, "-p", str(self.port), *options]
        self._process = subprocess.Popen(self._as_owner(command), stdout=log, stderr=log, cwd=self.directory)
        self.postmaster = self._process.pid  # setpriv becomes what it starts
        self._wait()
        return self

    def _wait(self) -> None:
        ready = [str(programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "1"]
        for _try in range(60):
            if subprocess.run(ready, check=False).returncode == 0:
                return
        raise RuntimeError(f"PostgreSQL does not start: {self.directory.parent / 'postgresql.log'}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def create(self, name: str, *, like: str = "") -> str:
        return create_database(f"postgresql://bench@127.0.0.1:{self.port}/postgres", name, like=like)

    def statistics(self, url: str) -> None:
        vacuum(url)


class GivenServer:
    """A PostgreSQL given by --database: databases named parvis_bench_… are made in it, and left to their owner."""

    postmaster: int | None = None  # its backends' CPU cannot be told

    def __init__(self, url: str) -> None:
        self.url = url

    def create(self, name: str, *, like: str = "") -> str:
        return create_database(self.url, f"parvis_bench_{name}", like=like)

    def statistics(self, url: str) -> None:
        vacuum(url)


class Files:
    """SQLite: a file for each database."""

    postmaster: int | None = None

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def create(self, name: str, *, like: str = "") -> str:
        file = self.directory / f"{name}.sqlite3"
        if like:
            shutil.copy(urlsplit(like).path, file)
        return f"sqlite:///{file}"

    def statistics(self, url: str) -> None:
        """SQLite plans well enough without."""


def create_database(server: str, name: str, *, like: str = "") -> str:
    """Make the database `name` anew on `server` and return its URL."""
    template = urlsplit(like).path.lstrip("/") or "template1"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def vacuum(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
