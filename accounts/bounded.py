"""Requests that end: what a server says counts as late once all of it is, not when each of its bytes is.

Timeouts of sockets bound the wait for the next byte. A server that sends its headers one by one would hold a request,
and the thread that serves it, for as long as it likes.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

# Until when (time.monotonic()) all that is asked within `all_within` may last.
_until: ContextVar[float | None] = ContextVar("until when the provider may answer", default=None)


@contextmanager
def all_within(seconds: float) -> Iterator[float]:
    """Within, all requests together may last `seconds`, or what is left of those around; gives until when."""
    until = time.monotonic() + seconds
    around = _until.get()
    until = until if around is None else min(until, around)
    token = _until.set(until)
    try:
        yield until
    finally:
        _until.reset(token)


def session(until: float) -> requests.Session:
    """Return a session whose requests raise a timeout once `until` (time.monotonic()) has passed."""
    made = requests.Session()
    for scheme in ("https://", "http://"):
        made.mount(scheme, _Adapter(until))
    return made


def left(until: float) -> float:
    """Return the seconds until then. Raises TimeoutError when there are none."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _Raw(io.RawIOBase):
    """What a socket receives, until the moment given."""

    def __init__(self, socket: Any, until: float) -> None:
        self.socket, self.until = socket, until
        self.each = socket.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        seconds = left(self.until)
        self.socket.settimeout(seconds if self.each is None else min(seconds, self.each))
        return int(self.socket.recv_into(buffer))


class _Socket:
    """A connected socket of which `makefile`, the way answers are read, ends in time."""

    def __init__(self, socket: Any, until: float) -> None:
        self._socket, self._until = socket, until

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def makefile(self, mode: str = "rb", *args: Any, **kwargs: Any) -> Any:
        if "w" in mode:
            return self._socket.makefile(mode, *args, **kwargs)
        # As Python's own: the socket is closed when both it and what reads it are.
        kept = self._socket.makefile("rb", buffering=0)
        reader = io.BufferedReader(_Raw(self._socket, self._until))
        reader_close = reader.close

        def close() -> None:
            reader_close()
            kept.close()

        reader.close = close  # type: ignore[method-assign]
        return reader


class _Bounded:
    until: float

    def connect(self: Any) -> None:
        self.timeout = min(self.timeout or 60, left(self.until))
        super().connect()  # type: ignore[misc]
        self.sock = _Socket(self.sock, self.until)


class _Adapter(HTTPAdapter):
    """Connections for one exchange, which ends at `until`."""

    def __init__(self, until: float) -> None:
        plain = type("_Plain", (_Bounded, HTTPConnection), {"until": until})
        secure = type("_Secure", (_Bounded, HTTPSConnection), {"until": until})
        self.pools = {
            "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self.pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager: Any = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self.pools
        return manager
