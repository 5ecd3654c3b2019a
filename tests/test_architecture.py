"""docs/architecture.md is what the code says: one test a question, which lists all offenders."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

import netwatch

ROOT = Path(netwatch.__file__).parent
PAGE = ROOT.parent / "docs" / "architecture.md"
FILES = sorted(ROOT.rglob("*.py"))

MAX_LINES = 400
MAX_MEDIAN_FILE_LINES = 100
MAX_MEDIAN_FUNCTION_LINES = 8

VAGUE_LIMIT = re.compile(
    r"_?(MOST|LEAST|LONGEST|SHORTEST|LARGEST|SMALLEST|SOON|WORTH|TOGETHER|ENOUGH|MANY|FEW|PATIENCE)"
    r"(_|$)"
)
"""Names of constants that don't say what they limit, as MAX_EVENTS and SCRAPE_TIMEOUT do."""


def table_of_rooms(page: str) -> list[str]:
    """The rooms in the table below "## Rooms", from top to bottom."""
    section = page.split("\n## Rooms\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `(\w+)(?:/|\.py)` \|", section, re.MULTILINE)


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_rooms(tree: ast.AST) -> Iterator[str]:
    """The room of every ``netwatch`` module that is imported anywhere in a file, also by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that their room can be read"
            if node.module == "netwatch":
                yield from (alias.name for alias in node.names)
            elif node.module is not None and node.module.startswith("netwatch."):
                yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            yield from (name.split(".")[1] for name in names if name.startswith("netwatch."))
        elif isinstance(node, ast.Call) and _called(node) == "import_module":
            name = ast.unparse(node.args[0]).lstrip("f").strip("'")
            if not name.startswith("{__name__}."):  # below itself, so in the same room
                assert name.startswith("netwatch."), f"room can't be read: {ast.unparse(node)}"
                yield name.split(".")[1]


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def backward_imports(rooms: list[str], files: dict[Path, ast.Module]) -> list[str]:
    """Every import, file by file, from a room that doesn't stand further down in the table."""
    height = {room: place for place, room in enumerate(rooms)}
    return [
        f"{path.relative_to(ROOT)} imports {other}"
        for path, tree in files.items()
        for other in imported_rooms(tree)
        if other in height and other != room_of(path) and height[other] < height[room_of(path)]
    ]


def test_every_room_stands_once_in_the_table() -> None:
    in_code = {room_of(path) for path in FILES} - {"__init__"}
    in_table = table_of_rooms(PAGE.read_text(encoding="utf-8"))
    assert sorted(in_table) == sorted(in_code)


def test_a_room_imports_only_from_further_down() -> None:
    rooms = table_of_rooms(PAGE.read_text(encoding="utf-8"))
    files = {path: parsed(path) for path in FILES if room_of(path) != "__init__"}
    assert backward_imports(rooms, files) == []


def test_an_import_from_above_is_found_wherever_it_stands() -> None:
    rooms = table_of_rooms("\n## Rooms\n\n| `web/` | pages |\n| `state/` | states |\n\n## Next\n")
    inside_a_function = ast.parse("def late():\n    from netwatch.web.app import make_app\n")
    files = {ROOT / "state" / "a.py": inside_a_function, ROOT / "web" / "b.py": ast.parse("")}
    assert backward_imports(rooms, files) == ["state/a.py imports web"]


def test_a_file_is_read_in_one_sitting() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert [str(path) for path, count in lines.items() if count > MAX_LINES] == []
    assert median(lines.values()) <= MAX_MEDIAN_FILE_LINES


def test_functions_are_short() -> None:
    functions = [
        node
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert median(_length(node) for node in functions) <= MAX_MEDIAN_FUNCTION_LINES


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_class_name_stands_twice() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_limits_say_min_or_max() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {node.id}"
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Name)
        if isinstance(node.ctx, ast.Store) and VAGUE_LIMIT.match(node.id)
    ]
    assert found == []


@pytest.mark.parametrize("name", ["MOST", "_LONGEST", "SOON", "_SMALLEST_FRAME"])
def test_a_vague_limit_differs_from_a_plain_one(name: str) -> None:
    assert VAGUE_LIMIT.match(name)
    assert not VAGUE_LIMIT.match("MAX_" + name.lstrip("_"))


def test_no_docstring_counts_floors() -> None:
    floors = re.compile(r"\bFloor \d")
    assert [str(path) for path in FILES if floors.search(path.read_text(encoding="utf-8"))] == []


def test_no_cancellation_is_lost() -> None:
    # Before Python 3.12 asyncio.wait_for drops a cancellation that comes just when the awaited
    # future is done; the daemon then does not end. asyncio.timeout keeps it.
    found = [
        str(path.relative_to(ROOT))
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "wait_for"
        if isinstance(node.value, ast.Name) and node.value.id == "asyncio"
    ]
    assert found == []
