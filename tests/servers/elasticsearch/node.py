"""A real Elasticsearch on this machine, from the Java registry: laid out once, started in seconds.

python -m tests.servers.elasticsearch.node PORT DATA_DIRECTORY
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE / "target" / "home"
MEMORY = "512m"


class MissingError(RuntimeError):
    """Java or Maven is not here."""


def lay_out() -> None:
    """Fetch and compile what a node is made of, unless it is here: 41 MB, some seconds."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise MissingError(f"{program} is not installed: apt-get install default-jdk-headless maven")
    mark = HOME / ".laid-out"
    newest = max(path.stat().st_mtime for path in HERE.rglob("*") if path.is_file() and "target" not in path.parts)
    if mark.exists() and mark.stat().st_mtime >= newest:
        return
    # Two processes may lay it out together: the second finds it done.
    subprocess.run(["mvn", "-q", "-B", "package"], cwd=HERE, check=True)
    mark.touch()


def start(
    port: int, data: Path, log: Path, memory: str = MEMORY, settings: Sequence[str] = (), *, brief: bool = True
) -> subprocess.Popen[bytes]:
    """Start a node whose data stay in `data`; answers once it does. `settings` are its own, each as name=value.

    One that is `brief` has the collector and the compiler of what lasts seconds; one that is measured, the publisher's.
    """
    lay_out()
    command = [
        "java", f"-Xms{memory}", f"-Xmx{memory}", "-Xshare:auto",
        *(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] if brief else ["-XX:+UseG1GC"]),
        "-cp", f"{HOME}/lib/*", str(HERE / "Main.java"), str(HOME), str(data), str(port), *settings,
    ]  # fmt: skip
    with log.open("ab") as output:
        node = subprocess.Popen(command, stdout=output, stderr=output)
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if node.poll() is not None:
            raise RuntimeError(f"Elasticsearch stopped; see {log}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return node
    node.kill()
    raise RuntimeError(f"Elasticsearch does not answer on port {port}; see {log}")


def stop(node: subprocess.Popen[bytes]) -> None:
    node.terminate()
    try:
        node.wait(10)
    except subprocess.TimeoutExpired:
        node.kill()
        node.wait(10)


@contextmanager
def running(folder: Path, port: int) -> Iterator[str]:
    """Run a node with its data in `folder`; yields its address."""
    node = start(port, folder / "data", folder / "elasticsearch.log", os.environ.get("ELASTICSEARCH_MEMORY", MEMORY))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(node)


@contextmanager
def cluster(folder: Path, ports: Sequence[int]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run one node for each of `ports`, all of one cluster (transport: 100 above); yields them by address."""
    names = [f"node-{number}" for number in range(1, len(ports) + 1)]
    seeds = ",".join(f"127.0.0.1:{port + 100}" for port in ports)
    together = [f"discovery.seed_hosts={seeds}", f"cluster.initial_master_nodes={','.join(names)}"]
    lay_out()
    with ThreadPoolExecutor() as pool:  # none answers before the others are there
        nodes = {
            f"http://127.0.0.1:{port}": pool.submit(
                start, port, folder / name, folder / f"{name}.log", "320m", [f"node.name={name}", *together]
            )
            for name, port in zip(names, ports, strict=True)
        }
    try:
        yield {address: started.result() for address, started in nodes.items()}
    finally:
        for started in nodes.values():
            if started.exception() is None:
                stop(started.result())


def main() -> int:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # the node ends with what started it
    with running(folder, port) as address:
        print(f"Elasticsearch answers at {address}. Ctrl+C stops it.", flush=True)
        try:
            while True:
                time.sleep(1)
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
