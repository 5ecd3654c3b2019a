"""Ways in which the file of an inventory is broken, each made of a sound one."""

from __future__ import annotations

import re
from collections.abc import Callable


def _own_parents(text: str) -> str:
    """Each site stands behind itself."""
    flow, block = r"(?m)^  ([\w-]+): \{tier:", r"(?m)^  ([\w-]+):\n    tier:"
    text = re.sub(flow, r"  \1: {parent: \1, tier:", text)
    return re.sub(block, r"  \1:\n    parent: \1\n    tier:", text)


BROKEN: dict[str, Callable[[str], str]] = {
    "empty": lambda text: "",
    "truncated": lambda text: text[: text.rindex("tier") + 3],
    "binary": lambda text: f"\x00\x01{text}",
    "of wrong types": lambda text: re.sub(r"tier: ([\w-]+)", r"tier: [\1]", text),
    "with a key twice": lambda text: f"{text}\nsites: {{}}\n",
    "with a site twice": lambda text: text + text[text.rindex("\n  ", 0, text.rindex("tier")) :],
    "a circle of parents": _own_parents,
}
