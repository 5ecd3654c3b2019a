"""The files of an inventory merged into one tree, with the file and line of each node."""

from __future__ import annotations

from collections.abc import KeysView
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.yaml import Document, Mistake, SourcePosition, Tree, TreePath, read_file

MAX_FILES = 5000
"""Files of an inventory."""

MAX_TOTAL_BYTES = 64 * 1024 * 1024
"""Size of all files of an inventory."""

MAX_TOTAL_NODES = 1_000_000
"""Keys and values of all files of an inventory: 30 000 sites with 75 000 targets have 350 000."""


@dataclass(slots=True)
class Source:
    """All files of a directory, merged.

    Attributes:
        directory: where they are.
        tree: the content of each section.
        places: where each key or list item of ``tree`` begins.
        mistakes: in the files that could be read.
        unreadable: a problem for each file that could not; ``tree`` lacks their content.
    """

    directory: Path
    tree: dict[str, Tree] = field(default_factory=dict)
    places: dict[TreePath, SourcePosition] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)

    def place(self, *path: str | int) -> SourcePosition:
        """Where the node at ``path`` begins, or the nearest node around it that has a place."""
        for length in range(len(path), 0, -1):
            if found := self.places.get(path[:length]):
                return found
        return SourcePosition(str(self.directory), 0)

    def keys(self, *path: str) -> KeysView[str]:
        """The keys of the mapping at ``path``, whether their content is valid or not."""
        node: Tree = self.tree
        for key in path:
            node = node.get(key, "") if isinstance(node, dict) else ""
        return node.keys() if isinstance(node, dict) else {}.keys()

    def has(self, *path: str) -> bool:
        """Whether the mapping at ``path[:-1]`` has the key ``path[-1]``, be it valid or not."""
        return path[-1] in self.keys(*path[:-1])


def read_directory(directory: Path) -> Source:
    """Read and merge every ``*.yaml`` of a directory and of those below it.

    Raises:
        ConfigError: there is no such directory, nothing in it, or more than is read.
    """
    if not directory.is_dir():
        raise _no_inventory(directory, "is not a directory; set inventory to the one with the YAML")
    source, size, nodes = Source(directory), 0, 0
    files = sorted(islice(filter(_is_meant, directory.rglob("*")), MAX_FILES + 1))
    if not files:
        raise _no_inventory(directory, "has no *.yaml file; see docs/configuration.md")
    if len(files) > MAX_FILES:
        raise _no_inventory(directory, f"has more than {MAX_FILES} *.yaml files; join some")
    for file in files:
        size += _size(file)
        if size > MAX_TOTAL_BYTES or nodes > MAX_TOTAL_NODES:
            raise _no_inventory(file, "makes the inventory too large; is it the right directory?")
        if file.suffix != ".yaml":
            source.unreadable.append(Problem(str(file), "is not read; rename it to *.yaml"))
            continue
        try:
            document = read_file(file)
            nodes += document.nodes
            _merge(source, document)
        except ConfigError as error:
            source.unreadable.extend(error.problems)
    return source


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # told when it is read


def _is_meant(path: Path) -> bool:
    return path.suffix in {".yaml", ".yml"} and not path.name.startswith(".")


def _no_inventory(directory: Path, message: str) -> ConfigError:
    return ConfigError([Problem(str(directory), message)])


def _merge(source: Source, document: Document) -> None:
    """Add a file: mappings are merged by key, lists are joined."""
    refused: set[TreePath] = set()
    shift: dict[str | int, int] = {}
    for section, content in document.root.items():
        present = source.tree.get(section)
        if present is None:
            source.tree[section] = content
        elif isinstance(present, dict) and isinstance(content, dict):
            refused.update((section, key) for key in content if key in present)
            source.tree[section] = present | {k: v for k, v in content.items() if k not in present}
        elif isinstance(present, list) and isinstance(content, list):
            source.tree[section] = present + content
            shift[section] = len(present)
        else:
            refused.add((section,))
    for path in sorted(refused, key=str):
        message = f"{path[-1]!r} is given at {source.places[path]} already; remove one of them"
        source.mistakes.append(Mistake(document.places[path], message))
    for place, message, path in document.mistakes:
        source.mistakes.append(Mistake(place, message, _moved(path, shift)))
    for path, place in document.places.items():
        if path[:1] not in refused and path[:2] not in refused:
            source.places.setdefault(_moved(path, shift), place)


def _moved(path: TreePath, shift: dict[str | int, int]) -> TreePath:
    """The path that a node of a file has after joining lists."""
    if len(path) > 1 and path[0] in shift:
        return (path[0], int(path[1]) + shift[path[0]], *path[2:])
    return path
