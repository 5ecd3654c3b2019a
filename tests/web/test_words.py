"""What probes and devices say is Vietnamese first, whatever they say."""

from __future__ import annotations

import re
from pathlib import Path

import netwatch
from netwatch.core.result import Reason
from tests.harness.status_source import HOSTILE
from tests.web.driver import open_live, page

ROOT = Path(netwatch.__file__).parent
REASONS = (ROOT / "web/static/reasons.js").read_text("utf-8")

TOLD = """async (pairs) => {
  const { told } = await import("/static/reasons.js");
  return pairs.map(([reason, detail]) => told(reason, detail));
}"""
AT = """async (zones) => {
  const { fullTime, useZone } = await import("/static/words.js");
  return zones.map((zone) => {
    useZone(zone);
    return fullTime(1796054400); // 2026-11-30 16:00:00 UTC
  });
}"""
ONLY = """async (words) => {
  const { toldOnly } = await import("/static/reasons.js");
  return words.map(toldOnly);
}"""


FINDINGS = {
    "2.1 %": "2,1 %",
    "loss 2.1%": "mất gói 2,1 %",
    "MOS 3.2": "MOS 3,2",
    "24.0 > 18.5 Mbit/s": "cần 24,0, còn 18,5 Mbit/s",
    "loss 0.0333": "mất gói 3,4 %",
    "rtt 0.212": "độ trễ 212 ms",
    "icmp timeout": "icmp không trả lời",
    "thanh-ha-uplink cut": "đứt đường truyền thanh-ha-uplink",
    "no result": "chưa có kết quả",
    "link:10.0.0.1-a": "đường truyền 10.0.0.1-a",
    "timeout": "không trả lời",
    "odd words": "",
}
"""By detail of a finding about a room: what is said of it."""


def test_every_detail_that_has_words_is_said_by_somebody() -> None:
    table = REASONS.split("const DETAILS = {")[1].split("\n};")[0]
    source = "\n".join(path.read_text("utf-8") for path in ROOT.rglob("*.py"))
    details = re.findall(r'^  "([^"]+)":', table, re.MULTILINE)
    assert len(details) > 10
    assert [detail for detail in details if f'"{detail}"' not in source] == []


async def test_the_reason_comes_first_and_what_has_no_words_behind_it(port: int) -> None:
    pairs = [(str(reason), "some words of a device") for reason in Reason]
    pairs += [("timeout", "no answer; a wrong community looks the same"), ("new_reason", HOSTILE)]
    pairs += [("authentication", "401 from https://a.vn/"), ("prohibited", "from 10.0.0.1")]
    async with page() as opened:
        await open_live(opened, f"http://127.0.0.1:{port}/")
        *plain, community, unknown, refused, firewall = await opened.evaluate(TOLD, pairs)
        only = await opened.evaluate(ONLY, list(FINDINGS))
    for each in plain:
        assert each["en"] == "some words of a device"
        assert "device" not in each["vi"]
        assert each["vi"] not in set(Reason)
    assert len({each["vi"] for each in plain}) == len(Reason)
    assert community["vi"] == "không trả lời: community sai cũng cho kết quả này"
    assert unknown == {"vi": "lý do khác", "en": f"new_reason: {HOSTILE}"}
    assert refused["vi"] == "sai mật khẩu hoặc quyền: https://a.vn/ trả mã 401"
    assert firewall["vi"] == "bị tường lửa chặn: do 10.0.0.1 báo"
    assert {text: each["vi"] for text, each in zip(FINDINGS, only, strict=True)} == FINDINGS


async def test_times_are_the_provinces_wherever_the_page_is_read(port: int) -> None:
    async with page() as opened:
        await open_live(opened, f"http://127.0.0.1:{port}/")
        told = await opened.evaluate(AT, ["Asia/Tokyo", "Asia/Ho_Chi_Minh", "Mars/Olympus"])
    assert told == ["01:00:00 01/12/2026", "23:00:00 30/11/2026", "23:00:00 30/11/2026"]
