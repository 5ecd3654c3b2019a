"""Changes values of a YAML text, and leaves every other character of it as it was.

A library that reads and writes YAML keeps comments too, but lays lines out anew, so that nobody
could see in a diff what has really changed; here the parser only tells where each value stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from netwatch.imports.emit import Emitted, block, flow, scalar
from netwatch.imports.text import clean

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Change(NamedTuple):
    """One value to be set.

    Attributes:
        path: keys that lead to it; all but the last one must be there, or a section that is new.
        value: what it is set to.
        note: a comment behind a new line.
        after: key behind whose entry a new one is put; None for the end.
    """

    path: tuple[str, ...]
    value: Emitted
    note: str = ""
    after: str | None = None


@dataclass(slots=True)
class _Node:
    """Where a value stands: offsets of its begin and end, and of what is in it."""

    begin: int
    end: int
    flow: bool = False
    column: int = 0
    children: dict[str, _Node] = field(default_factory=dict)
    is_mapping: bool = False


class _Splice(NamedTuple):
    begin: int
    end: int
    text: str


def changed(text: str, changes: list[Change]) -> str:
    """The text with all changes made.

    Args:
        text: YAML that netwatch reads; may be empty.
        changes: each to another path.
    """
    root = _read(text)
    splices: list[_Splice] = []
    sections: dict[str, list[Change]] = {}
    inserted: dict[tuple[tuple[str, ...], str | None], list[Change]] = {}
    for change in changes:
        if change.path[0] not in root.children:
            sections.setdefault(change.path[0], []).append(change)
        elif found := _find(root, change.path):
            splices.append(_replaced(text, found, change.value))
        else:
            inserted.setdefault((change.path[:-1], change.after), []).append(change)
    for (path, after), new in inserted.items():
        parent = _find(root, path)
        assert parent is not None, path
        splices.append(_inserted(text, parent, new, after))
    text = _spliced(text, splices)
    for name, new in sections.items():
        text += _section(text, name, new)
    return text


def _spliced(text: str, splices: list[_Splice]) -> str:
    pieces: list[str] = []
    done = 0
    for begin, end, value in sorted(splices, key=lambda each: each.begin):
        pieces += (text[done:begin], value)
        done = end
    return "".join([*pieces, text[done:]])


def _section(text: str, name: str, new: list[Change]) -> str:
    gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    return f"{gap}{name}:\n" + "\n".join(_entry(change, "  ") for change in new)


def _entry(change: Change, indent: str) -> str:
    note = f"  # {clean(change.note)}" if change.note else ""
    if len(change.path) == 2 and isinstance(change.value, dict):
        return block(change.path[-1], change.value, indent)
    return f"{indent}{scalar(change.path[-1])}: {flow(change.value)}{note}\n"


def _find(node: _Node, path: tuple[str, ...]) -> _Node | None:
    for key in path:
        found = node.children.get(key)
        if found is None:
            return None
        node = found
    return node


def _replaced(text: str, node: _Node, value: Emitted) -> _Splice:
    """In place of the old value; what begins on the line below its key moves up to it."""
    ending = "\n" if text[node.begin : node.end].endswith("\n") else ""
    return _Splice(node.begin, node.end, flow(value) + ending)


def _inserted(text: str, parent: _Node, new: list[Change], after: str | None) -> _Splice:
    if parent.flow or not parent.children:
        return _into_flow(text, parent, new)
    last = parent.children[after] if after in parent.children else _last(parent)
    end = _last_end(last)
    stop = text.find("\n", end)
    indent = " " * parent.column
    lines = [_entry(change, indent) for change in new]
    if stop < 0:
        return _Splice(len(text), len(text), "\n" + "".join(lines))
    roomy = any(line.count("\n") > 1 for line in lines)
    body = "".join(f"\n{line}" for line in lines) if roomy else "".join(lines)
    return _Splice(stop + 1, stop + 1, body)


def _into_flow(text: str, parent: _Node, new: list[Change]) -> _Splice:
    inner = ", ".join(f"{scalar(change.path[-1])}: {flow(change.value)}" for change in new)
    if not parent.children:
        return _Splice(parent.begin, parent.end, f"{{{inner}}}")
    end = _last(parent).end
    return _Splice(end, end, f", {inner}")


def _last(node: _Node) -> _Node:
    return next(reversed(node.children.values()))


def _last_end(node: _Node) -> int:
    """Where the last character of a value stands: a mapping in lines ends with its last value."""
    while node.is_mapping and not node.flow and node.children:
        node = _last(node)
    return node.end


def _read(text: str) -> _Node:
    events = iter(yaml.parse(text, Loader=_LOADER))
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            return _mapping(event, events)
    return _Node(len(text), len(text), is_mapping=True)


def _mapping(start: Any, events: Iterator[Any]) -> _Node:
    node = _Node(start.start_mark.index, 0, bool(start.flow_style), is_mapping=True)
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            node.end = _end(event)
            break
        key = event.value
        node.column = event.start_mark.column if not node.children else node.column
        node.children[key] = _value(next(events), events)
    return node


def _value(event: Any, events: Iterator[Any]) -> _Node:
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(event, events)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(event, events)
    return _Node(event.start_mark.index, event.end_mark.index)


def _sequence(start: Any, events: Iterator[Any]) -> _Node:
    node = _Node(start.start_mark.index, 0, bool(start.flow_style))
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            node.end = _end(event) if node.flow else max(node.end, node.begin)
            break
        node.end = _last_end(_value(event, events))
    return node


def _end(event: Any) -> int:
    """The offset behind an event; the type stubs don't know that each has marks."""
    return int(event.end_mark.index)
