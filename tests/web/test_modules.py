"""The scripts of the page: all that its first view needs is asked for at once."""

from __future__ import annotations

import re
from pathlib import Path

import netwatch.web

STATIC = Path(netwatch.web.__file__).parent / "static"
IMPORT = re.compile(r'^(?:import|export)\b[^;]*? from "\./([\w-]+\.js)";', re.MULTILINE)


def imported(name: str) -> set[str]:
    return set(IMPORT.findall((STATIC / name).read_text("utf-8")))


def needed(first: str) -> set[str]:
    """A module and all that it imports, and so on."""
    found, todo = set[str](), [first]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += imported(name)
    return found


def test_the_first_view_is_loaded_in_one_go() -> None:
    page = (STATIC / "page.html").read_text("utf-8")
    told = re.findall(r'<link rel="modulepreload" href="/static/([\w-]+\.js)">', page)
    assert sorted(told) == sorted(needed("page.js") - {"page.js"})


def test_every_module_is_loaded_by_somebody_and_small() -> None:
    later = set(re.findall(r'import\("\./([\w-]+\.js)"\)', (STATIC / "page.js").read_text("utf-8")))
    used = set.union(needed("page.js"), *map(needed, later))
    modules = {file.name: file.read_text("utf-8") for file in STATIC.glob("*.js")}
    assert set(modules) == used
    assert [name for name, text in modules.items() if text.count("\n") > 250] == []


def test_nothing_is_asked_of_another_server_and_no_markup_is_made_of_text() -> None:
    for file in STATIC.iterdir():
        text = file.read_text("utf-8")
        assert not re.findall(r"""(?:src|href|url\(|import)[=(\s]*["']?https?:""", text), file.name
        assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)
        assert " style=" not in text, file.name
