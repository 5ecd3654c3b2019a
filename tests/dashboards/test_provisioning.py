"""What the page of the dashboards says about loading them, done below another root."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards.grafana.__main__ import HERE
from dashboards.grafana.maps import BASE_LAYER
from tests.harness.dashboards import dashboards

PAGE = (HERE / "README.md").read_text(encoding="utf-8")
_FOREIGN = re.compile(r"https?://(?!127\.0\.0\.1:10880)[^\"\s]+")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands of the page have put everything."""
    made = tmp_path_factory.mktemp("root")
    (script,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for command in script.replace(" /", f" {made}/").splitlines():
        if not command.startswith("systemctl"):
            subprocess.run(command, shell=True, cwd=HERE, check=True)  # noqa: S602
    return made


def provisioned(root: Path, what: str) -> Any:
    path = root / "etc/grafana/provisioning" / what / "netwatch.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_grafana_finds_the_dashboards_where_it_is_told_to_look(root: Path) -> None:
    (provider,) = provisioned(root, "dashboards")["providers"]
    folder = root / provider["options"]["path"].lstrip("/")
    found = {path.stem for path in folder.iterdir()}
    assert found == dashboards().keys()
    assert provider["type"] == "file"


def test_the_data_source_is_there_before_them(root: Path) -> None:
    lines = PAGE.splitlines()
    order = [
        number for number, line in enumerate(lines) if line.startswith("install -D -m 644 pro")
    ]
    assert "datasources" in lines[order[0]]
    (source,) = provisioned(root, "datasources")["datasources"]
    assert (source["type"], source["isDefault"]) == ("prometheus", True)
    assert source["jsonData"]["timeInterval"] == "15s"


def test_the_base_layer_of_the_map_is_served(root: Path) -> None:
    served = root / "usr/share/grafana" / BASE_LAYER
    layer = json.loads(served.read_text(encoding="utf-8"))
    assert layer["type"] == "FeatureCollection"
    assert layer["features"]


@pytest.mark.parametrize("uid", dashboards())
def test_nothing_comes_from_the_internet(root: Path, uid: str) -> None:
    text = (HERE / f"{uid}.json").read_text(encoding="utf-8")
    assert _FOREIGN.findall(text) == []
    installed = root / "var/lib/grafana/dashboards/netwatch" / f"{uid}.json"
    assert "https://netwatch.example" in installed.read_text(encoding="utf-8")
    assert "127.0.0.1" not in installed.read_text(encoding="utf-8")


def test_packages_are_pinned_without_saying_where_they_come_from() -> None:
    lock = Path(__file__).parent / "rendered" / "package-lock.json"
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
