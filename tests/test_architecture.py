"""The floors of docs/architecture.md: a room imports only from floors below its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import netwatch

ROOT = Path(netwatch.__file__).parent

FLOORS = {
    "core": 0,
    "adapters": 1,
    "garbage": 1,
    "inventory": 1,
    "logs": 1,
    "media": 1,
    "metrics": 1,
    "sd": 1,
    "settings": 1,
    "snmp": 1,
    "state": 2,
    "flows": 2,
    "objectives": 2,
    "meetings": 2,
    "probes": 3,
    "trace": 3,
    "journal": 4,
    "announcements": 3,
    "evidence": 4,
    "feeds": 4,
    "traps": 3,
    "schedule": 4,
    "heartbeat": 4,
    "configuration": 4,
    "convening": 4,
    "export": 5,
    "web": 5,
    "remote_write": 5,
    "lab": 5,
    "collector": 5,
    "commands": 6,
    "daemon": 6,
    "cli": 6,
    "__main__": 6,
}

SAME_FLOOR = {
    ("adapters", "inventory"),
    ("collector", "export"),
    ("collector", "web"),
    ("objectives", "flows"),
    ("objectives", "state"),
    ("objectives", "meetings"),
    ("meetings", "state"),
    ("configuration", "feeds"),
    ("convening", "configuration"),
    ("convening", "feeds"),
    ("flows", "state"),
    ("settings", "inventory"),
    ("convening", "journal"),
    ("journal", "evidence"),
    ("commands", "daemon"),
    ("cli", "commands"),
    ("__main__", "cli"),
}
"""Room, and the room on its own floor that it stands on."""

FILES = sorted(ROOT.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "netwatch":
            rooms |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            rooms |= {name.split(".")[1] for name in names if name.startswith("netwatch.")}
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            rooms |= {name.split(".")[1] for name in names if name.startswith("netwatch.")}
    return rooms & FLOORS.keys()


def test_every_room_has_its_floor() -> None:
    rooms = {room_of(path) for path in FILES} - {"__init__"}
    assert rooms == FLOORS.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_from_below(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        return
    for other in imported_rooms(path) - {room}:
        below = FLOORS[other] < FLOORS[room] or (room, other) in SAME_FLOOR
        assert below, f"{path.name} in {room} must not import from {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
