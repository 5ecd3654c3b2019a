"""Writes the bill of materials, CycloneDX 1.6 as JSON, of what is installed with netwatch.

``python -m release.sbom > sbom.cdx.json``. It is made from ``requirements/run.txt`` alone, so it is
the same octets at every making.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def make_sbom() -> str:
    """The bill of materials as text."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    bom = Bom(components=components((ROOT / "requirements" / "run.txt").read_text("utf-8")))
    bom.metadata.component = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        licenses=[LicenseExpression(project["license"])],
        bom_ref=project["name"],
    )
    bom.metadata.component.description = project["description"]
    bom.register_dependency(bom.metadata.component, bom.components)
    written = json.loads(
        make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string()
    )
    del written["serialNumber"], written["metadata"]["timestamp"]  # they differ at each making
    return json.dumps(written, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def components(requirements: str) -> Iterator[Component]:
    """Each pinned package, with the hashes of all files that pip may install for it.

    Raises:
        ValueError: a line is none that ``make lock`` writes.
    """
    for block in re.split(r"\n(?! )", requirements.strip()):
        pinned, hashes = _PINNED.match(block), _HASH.findall(block)
        if pinned is None or not hashes:
            raise ValueError(f"no pinned package with hashes: {block[:80]!r}")
        name, version = pinned.groups()
        url = PackageURL("pypi", name=name.lower().replace("_", "-"), version=version)
        yield Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            purl=url,
            bom_ref=url.to_string(),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in hashes],
        )


if __name__ == "__main__":
    sys.stdout.write(make_sbom())
