"""Set the demonstration up and serve it: database, content, identity provider, worker, server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT, PROVIDER_PORT = int(os.environ.get("PORT", "8000")), int(os.environ.get("PROVIDER_PORT", "9400"))
SEARCH_PORT = int(os.environ.get("SEARCH_PORT", "9200"))
HOME = f"http://127.0.0.1:{PORT}"
ENVIRONMENT = {
    **os.environ,
    "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
    "OIDC_ISSUER": os.environ.get("OIDC_ISSUER", f"http://127.0.0.1:{PROVIDER_PORT}"),
    "PARVIS_BASE_URL": HOME,
}
PERSONAS = ROOT / "home" / "demo" / "personas.toml"


def manage(*words: str) -> list[str]:
    return [sys.executable, "manage.py", *words]


def run(*words: str) -> None:
    subprocess.run(manage(*words), cwd=ROOT, env=ENVIRONMENT, check=True)  # our own commands


def start(command: list[str], log: str) -> subprocess.Popen[bytes]:
    """Start a process whose output goes to .demo/<log>."""
    with (ROOT / ".demo" / log).open("ab") as output:
        return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=output, stderr=output)


def free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return tried.connect_ex(("127.0.0.1", port)) != 0


def wait_for(address: str, processes: dict[str, subprocess.Popen[bytes]], seconds: int = 60) -> None:
    """Wait until `address` answers; says which process ended if one did."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for name, process in processes.items():
            if process.poll() is not None:
                sys.exit(f"The {name} stopped. What it said: .demo/{name}.log")
        try:
            urllib.request.urlopen(address, timeout=5)  # our own loopback address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit(f"{address} does not answer after {seconds} s; see the logs in .demo/")


def set_up() -> None:
    """Bring the database and the content up to date; a second time this takes seconds."""
    (ROOT / ".demo").mkdir(exist_ok=True)
    run("migrate", "--verbosity", "0")
    loaded = ROOT / ".demo" / "loaded"
    if not loaded.exists():
        print("Loading the demonstration university (about a minute) …", flush=True)
        run("load_demo")
        loaded.touch()


def serve() -> None:
    server = [sys.executable, "-m", "gunicorn", "--pythonpath", "site,.", "--bind", f"127.0.0.1:{PORT}"]
    server += ["--workers", "2", "--no-control-socket", "portal.wsgi"]
    processes = {}
    if os.environ.get("SEARCH") == "elasticsearch" and not os.environ.get("ELASTICSEARCH_URL"):
        node = [sys.executable, "-m", "tests.servers.elasticsearch.node", str(SEARCH_PORT), ".demo/elasticsearch"]
        ENVIRONMENT["ELASTICSEARCH_URL"] = f"http://127.0.0.1:{SEARCH_PORT}"
        ENVIRONMENT["PYTHONPATH"] = str(ROOT)
        processes["elasticsearch"] = start(node, "elasticsearch.log")
    processes |= {
        "provider": start(manage("demo_provider", str(PERSONAS), "--port", str(PROVIDER_PORT)), "provider.log"),
        "worker": start(manage("work"), "worker.log"),
        "server": start(server, "server.log"),
    }
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        wait_for(f"{HOME}/health/live", processes)
        print(f"\nParvis is served at {HOME} (editing: {HOME}/admin/). Sign in there as one of:\n")
        for persona in tomllib.loads(PERSONAS.read_text(encoding="utf-8"))["persona"]:
            print(f"  {persona['sub']:<24} {persona['label']}")
        print("\nCtrl+C stops it. Logs are in .demo/; remove that folder to start afresh.", flush=True)
        while all(process.poll() is None for process in processes.values()):
            time.sleep(0.5)
        ended = next(name for name, process in processes.items() if process.poll() is not None)
        sys.exit(f"The {ended} stopped. What it said: .demo/{ended}.log")
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


if __name__ == "__main__":
    for port, name in ((PORT, "PORT"), (PROVIDER_PORT, "PROVIDER_PORT")):
        if not free(port):
            sys.exit(f"Port {port} is taken. Give another: make demo {name}={port + 1}")
    set_up()
    serve()
