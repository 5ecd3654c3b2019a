"""The outline of the province on its map, read from a GeoJSON file (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import hypot
from pathlib import Path
from typing import Any, TypedDict

from netwatch.disk.reading import read_file

MAX_OUTLINE_OCTETS = 1 << 20
"""Of the file. A larger one would hold the event loop for too long while it is parsed."""

MAX_POINTS = 20_000
"""Points that are sent to a browser at the most."""

MAX_GEOMETRIES = 5_000
"""Geometries and features in the file."""

_DETAIL = 1 / 1500
"""Shares of the province's width that two points of an outline stand apart at the least."""

_DEPTH_TO_RING = {"LineString": 0, "Polygon": 1, "MultiLineString": 1, "MultiPolygon": 2}
"""Levels of lists in the coordinates of a geometry above those that hold points (section 3.1)."""

Point = tuple[float, float]
"""Longitude and latitude, degrees."""

Line = list[Point]


class ProblemWords(TypedDict):
    """What is wrong, in both languages."""

    vi: str
    en: str


class Outline(TypedDict):
    """The answer to ``/outline.json``. ``problem``: why there are no lines that are wanted."""

    lines: list[Line]
    problem: ProblemWords | None


class OutlineError(ValueError):
    """The file is no outline."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.words = ProblemWords(vi=vi, en=en)


def read_outline(path: Path | None) -> Outline:
    """What the file of the setting ``map_outline`` draws; what is wrong with it is told in it."""
    if path is None:
        return {"lines": [], "problem": None}
    try:
        return {"lines": parse_outline(read_file(path, MAX_OUTLINE_OCTETS)), "problem": None}
    except OutlineError as error:
        told = error.words
    except OSError as error:
        why = error.strerror or str(error)
        told = ProblemWords(vi=f"không đọc được tệp: {why}", en=f"can't be read: {why}")
    # The file's name is for those who set it, and not its place on this machine for everybody.
    vi, en = f"map_outline {path.name}: {told['vi']}", f"map_outline {path.name}: {told['en']}"
    return {"lines": [], "problem": {"vi": vi, "en": en}}


def parse_outline(content: bytes) -> list[Line]:
    """The lines of a GeoJSON text, thinned to what can be seen.

    Raises:
        OutlineError: it is none, or has no lines, or too many.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise OutlineError("không phải JSON", "is not JSON") from None
    lines = _thinned([_line(points) for points in _lines(document)])
    if not lines:
        raise OutlineError("không có đường ranh nào", "has no outline: no Polygon, no LineString")
    return lines


def _lines(document: Any) -> Iterator[Any]:
    """The list of points of each line or ring in a GeoJSON object."""
    todo, left = [document], MAX_GEOMETRIES
    while todo:
        left -= 1
        if left < 0:
            raise OutlineError("quá nhiều hình", f"has more than {MAX_GEOMETRIES} geometries")
        each = todo.pop()
        if not isinstance(each, dict):
            raise OutlineError("không phải GeoJSON", "is not GeoJSON (RFC 7946)")
        kind = str(each.get("type"))
        if kind == "Feature":
            todo += [each["geometry"]] if each.get("geometry") else []
        elif kind in {"FeatureCollection", "GeometryCollection"}:
            todo += _list(each.get("features" if kind == "FeatureCollection" else "geometries"))
        elif kind in _DEPTH_TO_RING:
            yield from _at_depth(each.get("coordinates"), _DEPTH_TO_RING[kind])
        elif kind not in {"Point", "MultiPoint"}:
            raise OutlineError("không phải GeoJSON", "is not GeoJSON (RFC 7946)")


def _at_depth(coordinates: Any, depth: int) -> list[Any]:
    found = [coordinates]
    for _ in range(depth):
        found = [each for many in found for each in _list(many)]
    return found


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise OutlineError("không phải GeoJSON", "is not GeoJSON (RFC 7946)")
    return value


def _line(points: Any) -> Line:
    return [_point(point) for point in _list(points)]


def _point(point: Any) -> Point:
    match point:
        case [int() | float() as longitude, int() | float() as latitude, *_]:
            if abs(longitude) <= 180 and abs(latitude) <= 90:  # not NaN either
                return float(longitude), float(latitude)
    raise OutlineError(
        "có tọa độ không phải kinh độ, vĩ độ (WGS 84)",
        "has a position that is not longitude and latitude in degrees (WGS 84)",
    )


def _thinned(lines: list[Line]) -> list[Line]:
    """The same lines without points that can't be told apart on a screen.

    Raises:
        OutlineError: there are still more than ``MAX_POINTS``.
    """
    longitudes = [point[0] for line in lines for point in line] or [0.0]
    apart = (max(longitudes) - min(longitudes)) * _DETAIL
    thinned = [kept for line in lines if len(kept := _spaced(line, apart)) > 1]
    if sum(map(len, thinned)) > MAX_POINTS:
        raise OutlineError("quá nhiều điểm", f"has more than {MAX_POINTS} points; simplify it")
    return thinned


def _spaced(line: Line, apart: float) -> Line:
    """The first and the last point, and those between that stand apart from the one before."""
    rounded = [(round(longitude, 5), round(latitude, 5)) for longitude, latitude in line]
    kept = rounded[:1]
    for point in rounded[1:]:
        if hypot(point[0] - kept[-1][0], point[1] - kept[-1][1]) > apart:
            kept.append(point)
    if rounded and kept[-1] != rounded[-1]:
        kept.append(rounded[-1])
    return kept
