"""Finds and reads the profiles that are shipped with the package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from netwatch.core.errors import ConfigError, Problem
from netwatch.snmp.profile import HELPERS, Profile, Scalar, ValueKind

Schema = TypeVar("Schema", bound=BaseModel)

_SUFFIX = ".yaml"
_FOLDER = resources.files("netwatch.snmp") / "profiles"


@dataclass(frozen=True, slots=True)
class ProfileSeries:
    """Name, type, help and labels of one metric family that SNMP gives.

    Attributes:
        name: the metric's name.
        counter: True for a counter, False for a gauge.
        help: one line.
        labels: label names in the order of ``Sample.labels``; site and target are not among them.
    """

    name: str
    counter: bool
    help: str
    labels: tuple[str, ...]


@cache
def profile_names() -> tuple[str, ...]:
    """Names of all profiles, sorted."""
    return names_in(_FOLDER)


@cache
def load_profile(name: str) -> Profile:
    """The profile of this name, read once.

    Raises:
        ConfigError: there is none, or its file is wrong.
    """
    return load_as(Profile, _FOLDER, name, "SNMP profile")


def parse_profile(text: str, file: str) -> Profile:
    """The profile that ``text``, the content of ``file``, describes.

    Raises:
        ConfigError: it isn't YAML, or not a profile; carries every problem.
    """
    return parse_as(Profile, text, file)


def names_in(folder: Traversable) -> tuple[str, ...]:
    """Names of the YAML files in a folder of the package, without their ending, sorted."""
    files = (file.name for file in folder.iterdir() if file.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in files))


def load_as(schema: type[Schema], folder: Traversable, name: str, kind: str) -> Schema:
    """The content of a YAML file that is shipped with the package, checked by a schema.

    Args:
        schema: of the file.
        folder: where it is.
        name: of the file, without its ending.
        kind: what the file describes, for people.

    Raises:
        ConfigError: there is none, or it is wrong.
    """
    if name not in names_in(folder):
        known = ", ".join(names_in(folder))
        raise ConfigError([Problem(kind, f"no {kind} {name!r}; use one of {known}")])
    text = (folder / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
    return parse_as(schema, text, f"{name}{_SUFFIX}")


def parse_as(schema: type[Schema], text: str, file: str) -> Schema:
    """A YAML text, checked by a schema.

    Args:
        schema: of the text.
        text: content of the file.
        file: its name, for messages.

    Raises:
        ConfigError: it isn't YAML, or not of the schema; carries every problem.
    """
    try:
        return schema.model_validate(yaml.safe_load(text))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError([Problem(f"{file}:{line}", f"not YAML: {error.problem}")]) from None
    except ValidationError as error:
        raise ConfigError(
            [Problem(f"{file}: {_path(e['loc'])}", e["msg"]) for e in error.errors()]
        ) from None


@cache
def catalogue() -> dict[str, ProfileSeries]:
    """Every series that the shipped profiles can give, by name."""
    found: dict[str, ProfileSeries] = {}
    for name in profile_names():
        for series in profile_series(load_profile(name)):
            found[series.name] = series
    return found


def profile_series(profile: Profile) -> Iterator[ProfileSeries]:
    """Every series that a profile can give."""
    for scalar in profile.scalars:
        yield _describe(scalar, ())
    for table in profile.tables:
        for entry in table.entries:
            for column in entry.columns:
                if column.kind not in HELPERS:
                    yield _describe(column, table.row_labels)


def _describe(scalar: Scalar, labels: tuple[str, ...]) -> ProfileSeries:
    counter = scalar.kind is ValueKind.COUNTER
    return ProfileSeries(scalar.metric, counter, scalar.meaning, (*labels, *scalar.own_labels))


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "the file"
