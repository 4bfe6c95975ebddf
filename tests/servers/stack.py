"""The whole demonstration, served as `make demo` serves it, on ports and in a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Stack:
    """Where the portal answers, and the environment its commands run in."""

    address: str
    environment: dict[str, str]

    def manage(self, *words: str) -> str:
        """Run a command of the portal beside the running one."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "-c", code)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{address} does not answer")


@contextmanager
def demonstration(folder: Path) -> Iterator[Stack]:
    """Load the demonstration into `folder` and serve it with its provider and its worker until the end."""
    port, provider_port = free_port(), free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "PARVIS_DEMO_DIR": str(folder),
        "OIDC_ISSUER": f"http://127.0.0.1:{provider_port}",
        "PARVIS_BASE_URL": f"http://127.0.0.1:{port}",
    }
    environment.pop("PARVIS_DATABASE_URL", None)
    stack = Stack(f"http://127.0.0.1:{port}", environment)
    stack.manage("migrate", "--verbosity", "0")
    stack.manage("load_demo")
    manage = [sys.executable, "manage.py"]
    personas = str(ROOT / "home" / "demo" / "personas.toml")
    commands = {
        "provider": [*manage, "demo_provider", personas, "--port", str(provider_port)],
        "worker": [*manage, "work"],
        "server": [
            sys.executable, "-m", "gunicorn", "--pythonpath", "site,.", "--bind", f"127.0.0.1:{port}",
            "--workers", "2", "--no-control-socket", "portal.wsgi",
        ],
    }  # fmt: skip
    processes = []
    try:
        for name, command in commands.items():
            with (folder / f"{name}.log").open("wb") as log:
                processes.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        wait_for(f"http://127.0.0.1:{provider_port}/.well-known/openid-configuration")
        wait_for(f"{stack.address}/health/live")
        yield stack
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
