"""The bill of materials is what is installed, and is committed as it is made."""

from __future__ import annotations

import json
import re

import pytest

from release.sbom import ROOT, components, make_sbom

COMMITTED = ROOT / "sbom.cdx.json"


def test_it_is_committed_as_it_is_made_now() -> None:
    assert COMMITTED.read_text("utf-8") == make_sbom(), "run make sbom"


def test_it_has_every_pinned_package_and_every_hash() -> None:
    requirements = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    told = json.loads(COMMITTED.read_text("utf-8"))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    pins = set(re.findall(r"^([^\s=]+)==([^\s;]+)", requirements, re.MULTILINE))
    assert {(each["name"], each["version"]) for each in told["components"]} == pins
    hashes = {h["content"] for each in told["components"] for h in each["hashes"]}
    assert hashes == set(re.findall(r"sha256:(\w+)", requirements))


@pytest.mark.parametrize("line", ["aiohttp>=3", "aiohttp==3.14.5", "-r other.txt"])
def test_a_line_that_pins_nothing_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no pinned package with hashes"):
        list(components(line))
