"""``netwatch gate`` by its command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.cli import main


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("nonsense", "--address: 'nonsense' is not address:port; write e.g. 127.0.0.1:10880"),
        ("127.0.0.1:0", ": No such file or directory; it needs gate.crt, gate.key and ca.crt"),
    ],
)
def test_what_is_wrong_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str, complaint: str
) -> None:
    options = ["--vantage", "party-office", "--tls", str(tmp_path), "--address", address]
    assert main(["gate", *options]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert complaint in line
