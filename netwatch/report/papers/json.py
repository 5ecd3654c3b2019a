"""JSON: the content as it is, for other programs. Durations and moments are milliseconds."""

from __future__ import annotations

import json
from dataclasses import asdict

from netwatch.report.content import Paper


def as_json(paper: Paper) -> bytes:
    """The whole paper as one JSON object."""
    return json.dumps(asdict(paper), ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"
