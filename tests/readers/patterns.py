"""Finds regular expressions that may go back: where two repetitions can take the same characters.

It looks at the parsed pattern and errs on the safe side. Repetitions of at most ``MAX_BOUNDED``
characters can't cost much, and count as one character that may be there or not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

MAX_BOUNDED = 64

_ANY = frozenset(range(256))
_CATEGORIES = {
    op.CATEGORY_DIGIT: frozenset(b"0123456789"),
    op.CATEGORY_SPACE: frozenset(b" \t\n\r\f\v"),
    op.CATEGORY_WORD: frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
}
_MATCHES_ANYWHERE = {"search", "sub", "subn", "split", "findall", "finditer"}

Items = list[tuple[Any, Any]]


def ambiguity(pattern: str | bytes, *, anywhere: bool) -> str:
    """What may go back in a pattern; empty when nothing does.

    Args:
        pattern: the regular expression.
        anywhere: it is looked for at every place of a text, not only at its begin.
    """
    items = list(_parser.parse(pattern))
    if anywhere and items:
        begin = _first(items)
        for taken in _repeated(items):
            if taken & begin:
                return "a repetition can take what the pattern begins with"
    return _in_sequence(items)


def _in_sequence(items: Items) -> str:
    for place, (kind, value) in enumerate(items):
        for inner in _inner(kind, value):
            if told := _in_sequence(inner):
                return told
        if not _is_repetition(kind, value):
            continue
        body = list(value[2])
        taken = _all(body)
        if any(inner & _first(body) for inner in _repeated(body)):
            return "a repetition of a repetition"
        for other_kind, other in items[place + 1 :]:
            if _is_repetition(other_kind, other) and _first(list(other[2])) & taken:
                return "two repetitions in a row can take the same characters"
            one = [(other_kind, other)]
            if not _may_be_empty(one) and not _first(one) & taken:
                break
    return ""


def _is_repetition(kind: Any, value: Any) -> bool:
    return kind in {op.MAX_REPEAT, op.MIN_REPEAT} and value[1] > MAX_BOUNDED


def _repeated(items: Items) -> Iterator[frozenset[int]]:
    """The characters of every long repetition, at any depth."""
    for kind, value in items:
        if _is_repetition(kind, value):
            yield _all(list(value[2]))
        for inner in _inner(kind, value):
            yield from _repeated(inner)


def _inner(kind: Any, value: Any) -> list[Items]:
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT}:
        return [list(value[2])]
    if kind is op.SUBPATTERN:
        return [list(value[3])]
    if kind is op.BRANCH:
        return [list(branch) for branch in value[1]]
    if kind in {op.ASSERT, op.ASSERT_NOT}:
        return [list(value[1])]
    return []


def _characters(kind: Any, value: Any) -> frozenset[int]:
    """What one character of an item may be; all above 255 count as 255."""
    found: frozenset[int] = frozenset()
    if kind is op.LITERAL:
        cased = (value, ord(chr(value).swapcase()[0]))
        found = frozenset(min(code, 255) for code in cased)
    elif kind is op.NOT_LITERAL:
        found = _ANY - {value}
    elif kind is op.ANY:
        found = _ANY - {10}
    elif kind is op.RANGE:
        found = frozenset(range(min(value[0], 255), min(value[1], 255) + 1))
    elif kind is op.CATEGORY:
        found = _CATEGORIES.get(value, _ANY)
    elif kind is op.IN:
        found = found.union(*(_characters(*each) for each in value))
        found = _ANY - found if value[0][0] is op.NEGATE else found
    return found


def _all(items: Items) -> frozenset[int]:
    """Every character that items may take."""
    found: frozenset[int] = frozenset()
    for kind, value in items:
        found |= _characters(kind, value)
        for inner in _inner(kind, value):
            found |= _all(inner)
    return found


def _first(items: Items) -> frozenset[int]:
    """Every character that items may begin with."""
    found: frozenset[int] = frozenset()
    for kind, value in items:
        found |= _characters(kind, value)
        for inner in _inner(kind, value):
            found |= _first(inner)
        if not _may_be_empty([(kind, value)]):
            break
    return found


def _may_be_empty(items: Items) -> bool:
    for kind, value in items:
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT}:
            if value[0] > 0 and not _may_be_empty(list(value[2])):
                return False
        elif kind is op.BRANCH:
            if not any(_may_be_empty(list(branch)) for branch in value[1]):
                return False
        elif kind is op.SUBPATTERN:
            if not _may_be_empty(list(value[3])):
                return False
        elif kind not in {op.AT, op.ASSERT, op.ASSERT_NOT}:
            return False
    return True


def patterns_of(path: Path, names: dict[str, object]) -> Iterator[tuple[int, str | bytes, bool]]:
    """Line, text and use of every pattern in a file: those that stand there, and its constants.

    Args:
        path: of the file.
        names: what its module defines; a pattern is worked out from it.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    anywhere = {
        node.func.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _MATCHES_ANYWHERE
        and isinstance(node.func.value, ast.Name)
    }
    for name, value in names.items():
        if isinstance(value, re.Pattern):
            yield 0, value.pattern, name in anywhere
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        if isinstance(owner, ast.Name) and owner.id == "re" and node.args:
            text = _worked_out(node.args[0], names)
            if text is not None and node.func.attr != "escape":
                yield node.lineno, text, node.func.attr in _MATCHES_ANYWHERE


def _worked_out(node: ast.expr, names: dict[str, object]) -> str | bytes | None:
    """A text that is written down, or put together of the module's constants; else None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return node.value
    if isinstance(node, ast.Name):
        value = names.get(node.id)
        return value if isinstance(value, str | bytes) else None
    if isinstance(node, ast.JoinedStr):
        parts = [
            _worked_out(part.value if isinstance(part, ast.FormattedValue) else part, names)
            for part in node.values
        ]
        return "".join(p if isinstance(p, str) else "x" for p in parts)
    return None
