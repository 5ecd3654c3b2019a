"""The past of a site over HTTP, from a daemon's parts."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.web.history import SitePast
from tests.harness.builders import make_checks, make_configuration, make_inventory, make_parts
from tests.web.client import fetch

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


async def test_a_site_has_a_past_and_a_typing_error_has_none(port: int) -> None:
    response, body = await fetch(port, "/history.json?site=huyen-3")
    past = json.loads(body)
    assert response.status == 200
    assert past["site"] == "huyen-3"
    assert len(past["states"]) == len(past["loss"]) == len(past["rtt"]) == 288
    assert len(past["days"]) == 30
    for path in ("/history.json", "/history.json?site=huyen", "/history.json?site=%00"):
        response, _ = await fetch(port, path)
        assert response.status == 404


async def test_without_a_readable_journal_the_day_is_told(tmp_path: Path) -> None:
    inventory = make_inventory()
    parts = make_parts(make_configuration(inventory, make_checks(inventory)))
    for journal in (None, tmp_path / "none", tmp_path):
        past = await SitePast(parts.history, journal).of("nam-sach", ZONE)
        assert past is not None
        assert past["days"] is None
