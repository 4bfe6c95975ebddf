"""Read the text of one file, alone in a process of its own: python -I reading.py FILE EXTENSION.

Imports nothing of the portal and is given no environment: a hostile file finds nothing here. Prints JSON, {"text": …}
or {"error": …}. Limits on time, memory, pages and length hold whatever the file says of itself.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable, Iterator

SECONDS = 20  # of CPU
MEMORY = 768 * 1024 * 1024
PAGES = 500
LONGEST = 400_000  # characters of text
UNPACKED = 80 * 1024 * 1024  # bytes of the parts read
PARTS = 400


class UnreadableError(Exception):
    """The file is not what it says, or more than is read."""


def limit() -> None:
    """Bound what this process may take, and let it write nothing."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def pdf(path: str) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(path)
    if reader.is_encrypted:
        raise UnreadableError("it asks for a password")
    for number, page in enumerate(reader.pages):
        if number >= PAGES:
            return
        yield page.extract_text() or ""


def _parts(path: str, names: str) -> Iterator[ElementTree.Element]:
    """Yield the XML parts of a packed document whose names match, in order, within limits."""
    budget = UNPACKED
    with zipfile.ZipFile(path) as packed:
        found = [one for one in packed.infolist() if re.fullmatch(names, one.filename)]
        for one in sorted(found, key=lambda part: (len(part.filename), part.filename))[:PARTS]:
            with packed.open(one) as part:
                said = part.read(budget + 1)  # as much as it unpacks to, not as much as it says
            budget -= len(said)
            if budget < 0:
                raise UnreadableError("it unpacks to more than is read")
            if b"<!DOCTYPE" in said[:2000] or b"<!ENTITY" in said:
                raise UnreadableError("it declares entities")
            yield ElementTree.fromstring(said)  # noqa: S314  # no entity, and within limits


def _paragraphs(root: ElementTree.Element, ends: str) -> Iterator[str]:
    """Yield the text of each element whose name is in `ends`, else of the whole."""
    for element in root.iter():
        if element.tag.rpartition("}")[2] in ends.split():
            yield "".join(element.itertext())


def docx(path: str) -> Iterator[str]:
    for root in _parts(path, r"word/(document|footnotes|header\d*|footer\d*)\.xml"):
        yield from _paragraphs(root, "p")


def pptx(path: str) -> Iterator[str]:
    for root in _parts(path, r"ppt/(slides|notesSlides)/\w+\.xml"):
        yield from _paragraphs(root, "p")


def xlsx(path: str) -> Iterator[str]:
    for root in _parts(path, r"xl/(sharedStrings|worksheets/\w+)\.xml"):
        yield from _paragraphs(root, "si is")


def odt(path: str) -> Iterator[str]:
    for root in _parts(path, r"content\.xml"):
        yield from _paragraphs(root, "p h")


READERS: dict[str, Callable[[str], Iterator[str]]] = {
    "pdf": pdf, "docx": docx, "pptx": pptx, "xlsx": xlsx, "odt": odt, "odp": odt, "ods": odt,
}  # fmt: skip


def read(path: str, extension: str) -> str:
    """Return the text of a file, its spaces made one; the beginning of a long one. Raises whatever it meets."""
    text, length = [], 0
    for part in READERS[extension](path):
        said = " ".join(part.split())
        if said:
            text.append(said)
            length += len(said) + 1
        if length > LONGEST:
            break
    return "\n".join(text)[:LONGEST]


def main() -> int:
    limit()
    try:
        said = {"text": read(sys.argv[1], sys.argv[2])}
    except UnreadableError as error:
        said = {"error": str(error)}
    except MemoryError:
        said = {"error": "it takes more memory than is given"}
    except Exception as error:  # a file may be broken in any way, and is then set aside
        said = {"error": f"{type(error).__name__}: {error}"[:500]}
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
