"""The outline of the map: from a file that may be anything."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.web import outline
from netwatch.web.app import create_app
from netwatch.web.listener import open_listener
from netwatch.web.outline import MAX_OUTLINE_OCTETS, MAX_POINTS, read_outline
from netwatch.web.page_routes import PageSettings
from netwatch.web.server import serve
from tests.harness.status_source import FakeSource
from tests.web.client import fetch

RING = [[106.1, 20.8], [106.5, 20.8], [106.5, 21.1], [106.1, 20.8]]


def written(path: Path, content: object) -> Path:
    file = path / "outline.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


@pytest.mark.parametrize(
    "content",
    [
        {"type": "Polygon", "coordinates": [RING]},
        {"type": "LineString", "coordinates": RING},
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [RING]}},
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": None},
                {"type": "Feature", "geometry": {"type": "Point", "coordinates": [106, 20]}},
                {
                    "type": "Feature",
                    "geometry": {
                        "type": "GeometryCollection",
                        "geometries": [{"type": "MultiLineString", "coordinates": [RING]}],
                    },
                },
            ],
        },
    ],
)  # fmt: skip
def test_lines_of_every_kind_are_read(tmp_path: Path, content: object) -> None:
    found = read_outline(written(tmp_path, content))
    assert found["problem"] is None
    assert found["lines"] == [[tuple(point) for point in RING]]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("", "is not JSON"),
        ("[" * 500_000, "is not JSON"),
        ("<html>", "is not JSON"),
        ("[]", "is not GeoJSON"),
        ("null", "is not GeoJSON"),
        ({"type": "Topology"}, "is not GeoJSON"),
        ({"type": "Polygon"}, "is not GeoJSON"),
        ({"type": "Polygon", "coordinates": 7}, "is not GeoJSON"),
        ({"type": "Polygon", "coordinates": [[1, 2]]}, "position"),
        ({"type": "FeatureCollection", "features": {}}, "is not GeoJSON"),
        ({"type": "FeatureCollection", "features": [7]}, "is not GeoJSON"),
        ({"type": "FeatureCollection", "features": []}, "has no outline"),
        ({"type": "LineString", "coordinates": [[2317000, 592000], [2318000, 593000]]}, "WGS 84"),
        ('{"type": "LineString", "coordinates": [[NaN, 20], [106, 21]]}', "position"),
        ('{"type": "LineString", "coordinates": [[1e999, 20], [106, 21]]}', "position"),
        ('{"type": "LineString", "coordinates": [[true, "20"], [106, 21]]}', "position"),
        (" " * (MAX_OUTLINE_OCTETS + 1), "is larger than"),
    ],
)
def test_what_is_no_outline_is_told(tmp_path: Path, content: object, word: str) -> None:
    found = read_outline(written(tmp_path, content))
    assert found["lines"] == []
    assert found["problem"] is not None
    assert word in found["problem"]["en"]
    assert found["problem"]["vi"].startswith("map_outline outline.json: ")
    assert str(tmp_path) not in str(found["problem"])


def test_no_file_no_pipe_and_no_setting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none", tmp_path / "pipe", tmp_path):
        assert read_outline(path)["problem"] is not None
    assert read_outline(None) == {"lines": [], "problem": None}


def test_a_long_outline_is_thinned_to_what_is_seen(tmp_path: Path) -> None:
    points = [[106 + at / 60_000, 20.9] for at in range(30_000)]
    found = read_outline(written(tmp_path, {"type": "LineString", "coordinates": points}))
    (line,) = found["lines"]
    assert len(line) <= 1502
    assert (line[0], line[-1]) == ((106.0, 20.9), (106.49998, 20.9))


def test_too_many_points_and_shapes_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zigzag = [[106 + at % 2, 20.9] for at in range(MAX_POINTS + 2)]
    found = read_outline(written(tmp_path, {"type": "LineString", "coordinates": zigzag}))
    assert found["problem"] is not None
    monkeypatch.setattr(outline, "MAX_GEOMETRIES", 3)
    many = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None}] * 4}
    problem = read_outline(written(tmp_path, many))["problem"]
    assert problem is not None
    assert "more than 3" in problem["en"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "features", "geometry"]), inner)
    ),
    max_leaves=20,
)


@given(
    content=JSON, kind=st.sampled_from(["Polygon", "Feature", "FeatureCollection", "MultiPolygon"])
)
def test_any_json_is_an_outline_or_told(
    tmp_path_factory: pytest.TempPathFactory, content: Any, kind: str
) -> None:
    document = {"type": kind, "coordinates": content, "features": content, "geometry": content}
    path = tmp_path_factory.getbasetemp() / "any"
    path.mkdir(exist_ok=True)
    found = read_outline(written(path, document))
    assert bool(found["lines"]) is (found["problem"] is None)


async def test_it_is_served_and_read_again(tmp_path: Path) -> None:
    file = written(tmp_path, "no JSON")
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    page = PageSettings("https://grafana.example.vn", file)
    async with serve(create_app(FakeSource(), page=page), listener):
        _, body = await fetch(port, "/outline.json")
        assert "is not JSON" in json.loads(body)["problem"]["en"]
        _, body = await fetch(port, "/places.json")
        assert json.loads(body)["grafana"] == "https://grafana.example.vn"
