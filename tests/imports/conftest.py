"""An import into a directory of the test, of a province that has its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from netwatch.cli import main

PROVINCE = "province: {name_vi: Tỉnh Hải Dương, ranges: 10.16.0.0/12}\n"


class Said(NamedTuple):
    status: int
    out: str
    err: str


Import = Callable[..., Said]


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "inv"


@pytest.fixture
def run(into: Path, capsys: pytest.CaptureFixture[str]) -> Import:
    """Imports a file, with a mapping file of this text where it has none yet."""

    def run(file: Path, *options: str, mapping: str = PROVINCE) -> Said:
        beside = file.with_suffix(".map.yaml")
        if not beside.exists():
            beside.write_text(mapping, "utf-8")
        status = main(["inventory", "import", str(file), "--into", str(into), *options])
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return run
