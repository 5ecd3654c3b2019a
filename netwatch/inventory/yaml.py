"""Reads YAML strictly: every scalar is text, and every node has its file and line.

Plain YAML turns ``no`` into False, ``10.1`` into a number and ``12:30:45`` into seconds, lets the
last of two equal keys win, and lets aliases blow a few hundred bytes up to gigabytes. Here scalars
stay text until a schema judges them, and what the inventory doesn't need is refused by name.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.reading import read_begin

MAX_BYTES = 16 * 1024 * 1024
"""Size of a file."""

MAX_DEPTH = 20
"""Levels of nesting."""

MAX_NODES = 250_000
"""Keys and values of a file: the largest one that is accepted takes about 100 MiB of memory."""

MAX_MISTAKES = 1000
"""Mistakes of a file that are reported."""

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Event = Any
"""An event of the YAML parser; the type stubs don't describe its attributes."""

Tree = str | list["Tree"] | dict[str, "Tree"]
TreePath = tuple[str | int, ...]
"""Keys and list positions that lead from the root of a file to a node."""


class SourcePosition(NamedTuple):
    """A file and line; line 0 stands for the whole file or directory."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Mistake(NamedTuple):
    """One mistake in a file that could be read.

    Attributes:
        place: where it is.
        message: what is wrong and what to do.
        path: path of the node that can't be used because of it; empty when all can.
    """

    place: SourcePosition
    message: str
    path: TreePath = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The content of one file.

    Attributes:
        root: the tree of its nodes.
        places: where each key or list item begins.
        mistakes: what was refused; the rest of the file was read all the same.
        nodes: how many keys and values it has.
    """

    root: dict[str, Tree]
    places: dict[TreePath, SourcePosition]
    mistakes: list[Mistake]
    nodes: int = 0


def read_file(path: Path) -> Document:
    """Read a file.

    Raises:
        ConfigError: it can't be read, or isn't YAML at all.
    """
    try:
        data = read_begin(path, MAX_BYTES + 1)
    except OSError as error:
        is_file = error.errno != errno.EINVAL
        told = f"cannot be read: {error.strerror}" if is_file else f"{error.strerror}; remove it"
        raise _unreadable(str(path), told) from None
    return parse(data, str(path))


def parse(data: bytes, name: str) -> Document:
    """Read the content of a file that is called ``name`` in messages.

    Raises:
        ConfigError: it isn't YAML, or exceeds a limit.
    """
    if len(data) > MAX_BYTES:
        raise _unreadable(name, "is larger than 16 MiB; split it into several files")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = SourcePosition(name, data.count(b"\n", 0, error.start) + 1)
        raise _unreadable(str(place), "is not valid UTF-8; save the file as UTF-8") from None
    return _Reader(name).read(text)


def _unreadable(place: str, message: str) -> ConfigError:
    return ConfigError([Problem(place, message)])


@dataclass(slots=True)
class _Reader:
    """Builds the tree from parser events, so that no alias is ever expanded."""

    name: str
    places: dict[TreePath, SourcePosition] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    events: Iterator[Event] = field(init=False)
    nodes: int = 0

    def read(self, text: str) -> Document:
        self.events = yaml.parse(text, Loader=_LOADER)
        try:
            root = self._root()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = SourcePosition(self.name, mark.line + 1 if mark else 1)
            raise _unreadable(str(place), f"is not YAML: {error.problem}") from None
        except yaml.YAMLError as error:
            reason = str(error).splitlines()[0]
            raise _unreadable(self.name, f"is not YAML: {reason}") from None
        return Document(root, self.places, self.mistakes, self.nodes)

    def _root(self) -> dict[str, Tree]:
        next(self.events)  # the stream begins
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return {}
        first = next(self.events)
        root = self._node(first, ())
        next(self.events)  # the document ends
        event = next(self.events)
        if isinstance(event, yaml.DocumentStartEvent):
            raise self._error(event, "begins a second document; put it into a file of its own")
        if not isinstance(root, dict):
            raise self._error(first, "must begin with a section, e.g. sites:")
        return root

    def _node(self, event: Event, path: TreePath) -> Tree:
        self._count(event)
        if len(path) > MAX_DEPTH:
            raise self._error(event, f"is nested deeper than {MAX_DEPTH} levels; write it flatter")
        if isinstance(event, yaml.AliasEvent):
            self._mistake(path, event, f"alias *{event.anchor} is not allowed; write the value out")
            return ""
        if event.anchor is not None:
            self._mistake(path, event, f"anchor &{event.anchor} is not allowed; remove it")
        if event.tag is not None:
            self._mistake(path, event, f"tag {event.tag} is not allowed; remove it")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path)

    def _scalar(self, event: Event, path: TreePath) -> str:
        value: str = event.value
        if path and not value and event.implicit[0]:  # not an explicit ""
            self._mistake(path, event, f"{path[-1]!r} has no value; write one or remove it")
        return value

    def _sequence(self, path: TreePath) -> list[Tree]:
        items: list[Tree] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item_path = (*path, len(items))
            self.places[item_path] = self._place(event)
            items.append(self._node(event, item_path))
        return items

    def _mapping(self, path: TreePath) -> dict[str, Tree]:
        mapping: dict[str, Tree] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key is None:
                self._skip(next(self.events))
            elif key in mapping:
                first = self.places[*path, key]
                message = f"{key!r} is given at line {first.line} already; remove one of them"
                self._mistake((), event, message)
                self._skip(next(self.events))
            else:
                self.places[*path, key] = self._place(event)
                mapping[key] = self._node(next(self.events), (*path, key))
        return mapping

    def _key(self, event: Event, path: TreePath) -> str | None:
        """The key, or None after noting why it can't be one."""
        if not isinstance(event, yaml.ScalarEvent):
            self._mistake(path, event, "a key must be plain text; write key: value")
            self._skip(event)
            return None
        if event.anchor is not None or event.tag is not None:
            self._mistake(path, event, "a key may have no anchor and no tag; remove it")
        if event.value == "<<":
            self._mistake(path, event, "merge key << is not allowed; write the keys out")
            return None
        if not event.value:
            self._mistake(path, event, "a key is empty; write key: value")
            return None
        return str(event.value)

    def _skip(self, event: Event) -> None:
        """Skip a node and everything in it."""
        depth = 0
        while True:
            self._count(event)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth == 0:
                return
            event = next(self.events)

    def _count(self, event: Event) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self._error(event, "has too many values for one file; split it into several")

    def _place(self, event: Event) -> SourcePosition:
        return SourcePosition(self.name, event.start_mark.line + 1)

    def _mistake(self, path: TreePath, event: Event, message: str) -> None:
        if len(self.mistakes) == MAX_MISTAKES:
            raise self._error(
                event, f"is mistake {MAX_MISTAKES + 1} of this file; is it the right one?"
            )
        self.mistakes.append(Mistake(self._place(event), message, path))

    def _error(self, event: Event, message: str) -> ConfigError:
        return _unreadable(str(self._place(event)), message)
