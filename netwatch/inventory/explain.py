"""Turns pydantic's validation errors into one plain line each, with a remedy."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

_WANTED = {
    "string_type": "must be text",
    "dict_type": "must be a mapping; write key: value lines",
    "model_type": "must be a mapping; write key: value lines",
    "dataclass_type": "must be a mapping; write key: value lines",
    "model_attributes_type": "must be a mapping; write key: value lines",
    "tuple_type": "must be a list; write [a, b]",
    "list_type": "must be a list; write [a, b]",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "path_type": "must be a path, in quotes",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "string_pattern_mismatch": "has characters that may not stand there",
    "too_short": "must have at least {min_length} item(s)",
    "too_long": "must have at most {max_length} items",
    "union_tag_invalid": "needs another {discriminator}: one of {expected_tags}",
    "union_tag_not_found": "lacks {discriminator}; add it",
}


def explain(error: ErrorDetails, schema: Any, name: str, also: Iterable[str] = ()) -> str:
    """One line for an error that ``schema`` found in the node called ``name``.

    Keys that ``also`` may stand there are among the suggestions.
    """
    kind, key = error["type"], error["loc"][-1] if error["loc"] else name
    if kind == "missing":
        return f"{key} is missing; add it"
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        known = {*also, *keys_at(schema, error["loc"][:-1])}
        return f"unknown key {str(key)[:64]!r}; {suggest(str(key), known)}"
    context = error.get("ctx", {})
    if kind == "value_error":
        return f"{name}: {context['error']}"
    if kind not in _WANTED:
        return f"{name}: {error['msg']}"
    value = error["input"]
    instead = f", not {value[:64]!r}" if isinstance(value, str) else ""
    return f"{name} {_WANTED[kind].format(**context)}{instead}"


MAX_COMPARED_NAMES = 1000
"""Names among which the nearest is searched: among more, thousands of mistakes take minutes."""


def nearest(name: str, known: Collection[str], max_known: int = MAX_COMPARED_NAMES) -> str | None:
    """The known name that is most like ``name``; None when none is, or they are too many.

    Who has only one mistake to explain may compare more.
    """
    if len(known) > max_known:
        return None
    return next(iter(get_close_matches(name, known, n=1)), None)


def suggest(word: str, known: Iterable[str]) -> str:
    """The remedy for an unknown word: the nearest known one, or all of them."""
    words = sorted(known)
    if near := nearest(word, words):
        return f"did you mean {near}?"
    return f"use one of {', '.join(words)}" if words else "remove it"


def keys_at(schema: Any, path: tuple[str | int, ...]) -> set[str]:
    """The keys that ``schema`` allows in the mapping at ``path``."""
    kinds = [schema]
    for step in path:
        kinds = [inner for kind in kinds for inner in _inside(kind, step)]
    return {field.alias or name for kind in kinds for name, field in _fields(kind).items()}


def _inside(kind: Any, step: str | int) -> list[Any]:
    """The types that a node at ``step`` below a node of type ``kind`` may have."""
    if get_origin(kind) is dict:
        return _kinds(get_args(kind)[1])
    if get_origin(kind) is tuple:
        return _kinds(get_args(kind)[0])
    for name, field in _fields(kind).items():
        if step in {name, field.alias}:
            return _kinds(field.annotation)
        if step in get_args(field.annotation):  # the tag that chose this model of a union
            return [kind]
    return []


def _fields(kind: Any) -> dict[str, FieldInfo]:
    """The fields of a pydantic model or data class; none of any other type."""
    fields: dict[str, FieldInfo] = getattr(kind, "__pydantic_fields__", {})
    return fields


def _kinds(annotation: Any) -> list[Any]:
    """The members of a union annotation, else the annotation itself."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return [kind for member in get_args(annotation) for kind in _kinds(member)]
    return [annotation]
