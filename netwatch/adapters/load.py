"""Reads adapters: those that are shipped with the package, and files of the operator's own."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from netwatch.adapters.adapter import Adapter
from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.explain import explain
from netwatch.inventory.yaml import Document, SourcePosition, TreePath, parse, read_file

_SUFFIX = ".yaml"
_FOLDER = resources.files("netwatch.adapters") / "systems"


@cache
def adapter_names() -> tuple[str, ...]:
    """Names of the adapters that are shipped, sorted."""
    files = (file.name for file in _FOLDER.iterdir() if file.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in files))


def load_adapter(name: str) -> Adapter:
    """The adapter of this name, or that of a file, by its path; read anew when the file changed.

    Raises:
        ConfigError: there is none, or its file is wrong; carries every problem.
    """
    if "/" not in name:
        return _shipped(name)
    try:
        state = Path(name).stat()
    except (OSError, ValueError):
        raise ConfigError([Problem(name[:256], "cannot be read")]) from None
    return _own(name, state.st_mtime_ns, state.st_size)


@cache
def _shipped(name: str) -> Adapter:
    if name not in adapter_names():
        message = f"is no adapter; use one of {', '.join(adapter_names())}, or the path of a file"
        raise ConfigError([Problem(repr(name[:64]), message)])
    data = (_FOLDER / f"{name}{_SUFFIX}").read_bytes()
    return parse_adapter(data, f"{name}{_SUFFIX}")


@lru_cache(maxsize=64)
def _own(name: str, _modified: int, _size: int) -> Adapter:
    return _judged(read_file(Path(name)), name)


def parse_adapter(data: bytes, file: str) -> Adapter:
    """The adapter that ``data``, the content of ``file``, describes.

    Raises:
        ConfigError: it isn't YAML, or no adapter; carries every problem, with its line.
    """
    return _judged(parse(data, file), file)


def _judged(document: Document, file: str) -> Adapter:
    problems = [Problem(str(mistake.place), mistake.message) for mistake in document.mistakes]
    try:
        adapter = Adapter.model_validate(document.root)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            path: TreePath = ()
            for step in details["loc"]:
                path = (*path, step) if (*path, step) in document.places else path
            name = str(path[-1]) if path else "adapter"
            place = document.places.get(path, SourcePosition(file, 1))
            problems.append(Problem(str(place), explain(details, Adapter, name)))
        raise ConfigError(problems) from None
    if problems:
        raise ConfigError(problems)
    return adapter
