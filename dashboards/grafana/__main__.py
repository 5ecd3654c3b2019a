"""Writes the JSON files that Grafana reads: ``python -m dashboards.grafana``."""

from __future__ import annotations

from pathlib import Path

from dashboards.grafana.files import files

HERE = Path(__file__).parent


def main() -> None:
    """Write the files beside the code."""
    for name, text in files().items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
