"""The portal's parts as processes of their own, killed without warning and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from tests.servers.elasticsearch import node
from tests.servers.stack import ROOT, free_port

PREFIX = "killed"


def database_url() -> str:
    said = connection.settings_dict
    who = f"{quote(said['USER'])}:{quote(said['PASSWORD'])}" if said["PASSWORD"] else quote(said["USER"])
    return f"postgresql://{who}@{said['HOST']}:{said['PORT']}/{quote(said['NAME'])}"


class Parts:
    """A web server, a worker and a node."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.node_port = folder, free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.node_address = f"http://127.0.0.1:{self.node_port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.search.elasticsearch.killing.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
            "PARVIS_DATABASE_URL": database_url(),
            "ELASTICSEARCH_URL": self.node_address,
            "ELASTICSEARCH_PREFIX": PREFIX,
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.killed: dict[str, int] = {}
        self.returning: list[threading.Thread] = []

    def _started(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def start(self, name: str) -> None:
        match name:
            case "web":
                server = ["-m", "gunicorn", "--preload", "--workers=2", f"--bind=127.0.0.1:{self.port}"]
                self._started(name, [sys.executable, *server, "--no-control-socket", "--timeout=60", "portal.wsgi"])
            case "worker":
                self._started(name, [sys.executable, "-m", "django", "work", "--interval=0.1"])
            case "rebuild":
                self._started(name, [sys.executable, "-m", "django", "rebuild_search"])
            case "node":
                self.running[name] = node.start(self.node_port, self.folder / "data", self.folder / "node.log")

    def kill(self, name: str) -> None:
        """End a part as the system does that is out of memory: it does nothing more, not even its `finally`."""
        process = self.running.pop(name)
        if process.poll() is None:
            if name == "node":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
            self.killed[name] = self.killed.get(name, 0) + 1
        process.wait(10)

    def kill_and_return(self, name: str, *, after: float = 0) -> None:
        """Kill a part a moment from now, and start it again; the node takes some seconds to return."""

        def act() -> None:
            time.sleep(after)
            self.kill(name)
            self.start(name)

        thread = threading.Thread(target=act)
        thread.start()
        self.returning.append(thread)

    def all_back(self) -> None:
        for thread in self.returning:
            thread.join(120)
        self.returning.clear()

    def rebuilding(self) -> bool:
        return "rebuild" in self.running and self.running["rebuild"].poll() is None

    def wait(self) -> None:
        """Wait until the web server answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/health/live", timeout=5)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("the web server does not return")

    def stop(self) -> None:
        self.all_back()
        for name in list(self.running):
            self.kill(name)
