"""Writes values as YAML the way a person would: plain where that is safe, else in quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Emitted: TypeAlias = "str | Sequence[Emitted] | Mapping[str, Emitted]"
"""What can be written: texts, lists and mappings of them."""

MAX_LINE = 110
"""Characters of a line of targets; a longer mapping stands on several lines."""

_PLAIN = re.compile(r"[^\W_][\w .()/+%–-]*")
"""Text that YAML takes as it stands, in lists and mappings in brackets as well."""


def scalar(text: str) -> str:
    """One value on one line."""
    if _PLAIN.fullmatch(text) and not text.endswith(" "):
        return text
    whole = text.encode("utf-8", "replace").decode()  # half a character can't be written
    quoted = json.dumps(whole, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08X}" for each in quoted)


def flow(value: Emitted) -> str:
    """A value on one line, lists and mappings in brackets."""
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{scalar(key)}: {flow(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    return f"[{', '.join(map(flow, value))}]"


def block(key: str, value: Mapping[str, Emitted], indent: str) -> str:
    """A mapping on several lines, with those inside it on one line where they fit."""
    lines = [f"{indent}{scalar(key)}:"]
    inner = indent + "  "
    for name, each in value.items():
        line = f"{inner}{scalar(name)}: {flow(each)}"
        if isinstance(each, Mapping) and len(line) > MAX_LINE:
            lines.append(block(name, each, inner).rstrip("\n"))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"
