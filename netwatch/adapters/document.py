"""Finds values in JSON and XML that a stranger sent.

JSON is as deep as Python's parser goes, XML 64 elements; a document type (and with it every
entity of its own making) is refused, so nothing grows beyond what came over the line.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple, NoReturn
from xml.parsers import expat

MAX_VALUES = 1000
"""Values that are read at one path."""

_MAX_VALUE_LENGTH = 256
"""Characters; what is longer is cut."""

_MAX_DEPTH = 64
"""Elements of XML within each other."""


class DocumentError(ValueError):
    """A body can't be read; the message says why, and quotes nothing of the body."""


class Exclusion(NamedTuple):
    """Every object or element in which one of ``words`` stands at ``at`` is not read."""

    at: str
    words: tuple[str, ...]

    @property
    def parent(self) -> str:
        """Path of those objects or elements."""
        return self.at.rpartition("/")[0]


def values_at(
    body: bytes,
    form: Literal["json", "xml"],
    paths: Collection[str],
    root: Collection[str] = (),
    without: Exclusion | None = None,
) -> dict[str, list[str]]:
    """The values at each path, as text, in the order of the document.

    Args:
        body: of the response.
        form: how it is to be read.
        paths: see ``netwatch.adapters.adapter.Where``.
        root: names that the root element of XML may have; none: any.
        without: what is left out, with all that is in it.

    Raises:
        DocumentError: it is not of this form, or exceeds a limit above.
    """
    if form == "xml":
        return _XmlReader(paths, root, without).read(body)
    document = _json(body)
    if without is not None:
        _leave_out(document, _steps(without.at), without.words)
    return {path: _limited(_walk(document, _steps(path))) for path in paths}


def _json(body: bytes) -> object:
    try:
        return json.loads(body, parse_constant=_refuse)
    except RecursionError:
        raise DocumentError("JSON is nested too deeply") from None
    except ValueError:
        raise DocumentError("is not JSON") from None


def _refuse(_constant: str) -> NoReturn:
    raise ValueError  # NaN and Infinity, which RFC 8259 does not know


def _steps(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def _step_ends(path: str) -> list[int]:
    """Where the steps of a path end."""
    return [at for at, c in enumerate(path) if c == "/" and at] + [len(path)]


def _walk(node: object, steps: list[str]) -> Iterator[str]:
    """Every value to which the steps lead; no recursion deeper than a path is long."""
    if not steps:
        if isinstance(node, bool):
            yield str(node).lower()
        elif isinstance(node, str | int | float):
            yield str(node)[:_MAX_VALUE_LENGTH]
        return
    step, rest = steps[0], steps[1:]
    if isinstance(node, list):
        if step == "*":
            for item in node:
                yield from _walk(item, rest)
        elif step.isascii() and step.isdigit() and int(step) < len(node):
            yield from _walk(node[int(step)], rest)
    elif isinstance(node, dict) and step in node:
        yield from _walk(node[step], rest)


def _leave_out(node: object, steps: list[str], words: Collection[str]) -> None:
    """Take objects out of those around them, when a word stands where the last step leads."""
    step, rest = steps[0], steps[1:]
    if not rest:
        return  # the document itself stays
    if isinstance(node, list) and step == "*":
        if len(rest) == 1:
            node[:] = [item for item in node if not _says(item, rest[0], words)]
        for item in node:
            _leave_out(item, rest, words)
    elif isinstance(node, dict) and step in node:
        if len(rest) == 1 and _says(node[step], rest[0], words):
            del node[step]
        else:
            _leave_out(node[step], rest, words)


def _says(node: object, name: str, words: Collection[str]) -> bool:
    return isinstance(node, dict) and any(value in words for value in _walk(node, [name]))


def _limited(values: Iterator[str]) -> list[str]:
    found: list[str] = []
    for value in values:
        if len(found) == MAX_VALUES:
            raise DocumentError(f"has more than {MAX_VALUES} values at one path")
        found.append(value)
    return found


class _XmlReader:
    """Reads an XML document once from front to end, and keeps only the values at given paths."""

    def __init__(
        self, paths: Collection[str], root: Collection[str], without: Exclusion | None
    ) -> None:
        self._root = root
        self._without = without
        wanted = [*paths, without.at] if without else paths
        self._paths = {path[:end] for path in wanted for end in _step_ends(path)}
        self._before: dict[str, int] = {}  # how many values were found before the element
        self._is_out = False
        self._open: list[str | None] = []
        self._text = ""
        self.found: dict[str, list[str]] = {path: [] for path in paths}

    def read(self, body: bytes) -> dict[str, list[str]]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(body, True)
        except DocumentError:
            raise
        except (expat.ExpatError, ValueError, LookupError):  # the latter of unknown encodings
            raise DocumentError("is not XML") from None
        return self.found

    def _doctype(self, *_: object) -> None:
        raise DocumentError("XML with a document type, which is not read")

    def _begin(self, name: str, _attributes: object) -> None:
        local = name.rpartition(":")[2]
        if not self._open and self._root and local not in self._root:
            raise DocumentError("XML of another kind")
        if len(self._open) == _MAX_DEPTH:
            raise DocumentError("XML is nested too deeply")
        path = self._path_of(local)
        self._open.append(path)
        self._text = ""
        if self._without and path == self._without.parent:
            self._before = {each: len(values) for each, values in self.found.items()}
            self._is_out = False

    def _path_of(self, name: str) -> str | None:
        """The path of an element that begins; None when no wanted value can be at or in it."""
        parent = self._open[-1] if self._open else ""
        path = None if parent is None else f"{parent}/{name}"
        return path if path in self._paths else None

    def _characters(self, data: str) -> None:
        if len(self._text) < _MAX_VALUE_LENGTH:
            self._text += data[:_MAX_VALUE_LENGTH]

    def _end(self, _name: str) -> None:
        path = self._open.pop()
        values = None if path is None else self.found.get(path)
        text, self._text = self._text.strip()[:_MAX_VALUE_LENGTH], ""
        if values is not None:
            if len(values) == MAX_VALUES:
                raise DocumentError(f"has more than {MAX_VALUES} values at one path")
            values.append(text)
        if self._without:
            self._exclude(self._without, path, text)

    def _exclude(self, without: Exclusion, path: str | None, text: str) -> None:
        """Forget what was found in an element that ends here, when it is to be left out."""
        if path == without.at:
            self._is_out = self._is_out or text in without.words
        elif path == without.parent and self._is_out:
            self._is_out = False
            for each, values in self.found.items():
                del values[self._before[each] :]
