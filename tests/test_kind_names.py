"""What a kind of probe is like is a trait that it declares: no other room compares its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import netwatch
from netwatch import probes

ROOT = Path(netwatch.__file__).parent
FREE = ("probes", "lab")
"""Rooms that may know kinds by name: their own, and the province that plays their peers."""

FILES = [path for path in sorted(ROOT.rglob("*.py")) if path.relative_to(ROOT).parts[0] not in FREE]


def compared_names(tree: ast.AST) -> Iterator[str]:
    """The text of every literal that something is compared with or matched by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(isinstance(side, ast.Attribute) and side.attr == "scheme" for side in sides):
                continue  # of a URL
        elif isinstance(node, ast.MatchValue):
            sides = [node.value]
        else:
            continue
        for side in sides:
            for part in ast.walk(side):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names of the module that stand for a text."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                    yield target.id, node.value.value


def test_no_kind_of_probe_is_compared_by_its_name() -> None:
    kinds = set(probes.kinds())
    known: dict[str, set[str]] = {}
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = kinds.intersection(compared_names(tree))
        found |= {name for name, text in constants(tree) if text in kinds}
        if found:
            known[str(path.relative_to(ROOT))] = found
    assert not known, "ask for a trait instead (netwatch/core/traits.py)"


def test_the_ways_to_compare_are_seen() -> None:
    source = 'a == "icmp"\nb in {"tcp", "x"}\nmatch c:\n    case "dns":\n        pass\n_K = "sip"\n'
    tree = ast.parse(source)
    assert set(compared_names(tree)) == {"icmp", "tcp", "x", "dns"}
    assert dict(constants(tree)) == {"_K": "sip"}
