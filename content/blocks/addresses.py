"""Addresses that a page may lead to; any other is none."""

from __future__ import annotations

from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp"})


def link_address(given: str, *, schemes: frozenset[str] = SCHEMES) -> str:
    """Return the address when following it is harmless: of these schemes, or within the portal; else nothing.

    Browsers skip control characters before and within a scheme (“java\\nscript:”): an address with one is none.
    """
    address = str(given or "").strip()
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in address):
        return ""
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return ""
    if scheme:
        return address if scheme in schemes else ""
    return "" if ":" in address.partition("/")[0].partition("?")[0].partition("#")[0] else address


def web_address(given: str) -> str:
    """Return the address when it is one of the web, whole; else nothing."""
    address = link_address(given, schemes=frozenset({"http", "https"}))
    return address if address and host_of(address) else ""


def host_of(address: str) -> str:
    """Return the host of an address, without “www.”; nothing when it has none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
