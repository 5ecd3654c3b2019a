"""What is told of incidents, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from netwatch.incidents.incident import Kind
from netwatch.incidents.shape import Words

MAX_NAMES = 12
"""Sites that one line of a timeline names; of further ones it tells the number."""

RUNBOOKS: Mapping[Kind, str] = {
    Kind.LINE: "NetwatchLinkDown",
    Kind.DEVICE: "NetwatchDeviceDown",
    Kind.POWER: "NetwatchUpsOnBattery",
    Kind.UNSTABLE: "NetwatchPathUnstable",
    Kind.VIOLATED: "NetwatchFlowViolated",
    Kind.BROKEN: "NetwatchFlowBroken",
    Kind.MEETING: "NetwatchMeetingNotReady",
    Kind.COLLECTOR: "NetwatchVantageBlind",
    Kind.VANTAGE: "NetwatchVantageSilent",
    Kind.CERTIFICATE: "NetwatchCertificateEnding",
    Kind.LONGER: "NetwatchPathChanged",
}
"""The page of ``docs/runbooks/`` for each kind."""

KINDS: Mapping[Kind, Words] = {
    Kind.LINE: {"vi": "đường truyền", "en": "line"},
    Kind.DEVICE: {"vi": "thiết bị", "en": "device"},
    Kind.POWER: {"vi": "mất điện", "en": "power cut"},
    Kind.UNSTABLE: {"vi": "đường đi không ổn định", "en": "path unstable"},
    Kind.VIOLATED: {"vi": "vi phạm", "en": "violated"},
    Kind.BROKEN: {"vi": "đứt liên thông", "en": "broken flow"},
    Kind.MEETING: {"vi": "cuộc họp", "en": "meeting"},
    Kind.COLLECTOR: {"vi": "bộ giám sát", "en": "collector"},
    Kind.VANTAGE: {"vi": "điểm đo", "en": "vantage"},
    Kind.CERTIFICATE: {"vi": "chứng thư số", "en": "certificate"},
    Kind.LONGER: {"vi": "đường đi dài hơn", "en": "longer path"},
}

LOSS: Words = {"vi": "mất tín hiệu đầu tiên", "en": "first loss"}
SUSPECTED: Words = {"vi": "nghi ngờ, đang xác minh", "en": "suspected, being verified"}
BACK: Words = {"vi": "đã trở lại", "en": "is back"}
AGAIN: Words = {"vi": "lại xảy ra", "en": "happened again"}
REMOVED: Words = {"vi": "không còn được giám sát", "en": "is not watched any more"}
MEETING_OVER: Words = {"vi": "cuộc họp đã qua", "en": "the meeting is over"}
EXPLAINED: Words = {"vi": "đã rõ do sự cố khác", "en": "another fault explains it"}
WORK_BEGINS: Words = {"vi": "bắt đầu bảo trì", "en": "planned work begins"}
WORK_ENDS: Words = {"vi": "hết bảo trì, vẫn chưa trở lại", "en": "planned work is over, it is not"}


def say(vi: str, en: str) -> Words:
    """A sentence in both languages."""
    return {"vi": vi, "en": en}


def confirmed(title: Words) -> Words:
    """That a cause is certain."""
    return say(f"đã xác định: {title['vi']}", f"certain: {title['en']}")


def renamed(title: Words) -> Words:
    """That another cause was found."""
    return say(f"nguyên nhân: {title['vi']}", f"cause: {title['en']}")


def paged(receivers: Sequence[str]) -> Words:
    """That Alertmanager has an alert for these receivers."""
    names = ", ".join(receivers)
    return say(f"Alertmanager báo cho {names}", f"Alertmanager tells {names}")


def sites_down(names: Sequence[tuple[str, str]]) -> Words:
    """That sites were cut off, by their names (Vietnamese, English)."""
    vi, en = _listed(names)
    return say(f"{len(names)} điểm mất kết nối: {vi}", f"sites cut off: {len(names)}: {en}")


def sites_back(names: Sequence[tuple[str, str]]) -> Words:
    """That sites are back, by their names (Vietnamese, English)."""
    vi, en = _listed(names)
    return say(f"{len(names)} điểm trở lại: {vi}", f"sites back: {len(names)}: {en}")


def evidence_words(found: Mapping[str, Any]) -> list[Words]:
    """What was found out when a target went down, as ``netwatch.evidence`` makes it."""
    told = []
    if flow := found.get("flow"):
        told.append(say(str(flow), str(flow)))
    if power := found.get("power"):
        told.append(say(f"UPS {power['target']} chạy ắc quy", f"UPS {power['target']} on battery"))
    if near := found.get("near_end"):
        port = f"{near['target']} {near['interface']}: {near['oper_status']}"
        told.append(say(f"cổng đầu gần {port}", f"near end {port}"))
    if trace := found.get("trace"):
        last = trace["last_hop"]
        told.append(
            say(f"chặng cuối trả lời {last}", f"last hop that answers {last}")
            if last
            else say("không chặng nào trả lời", "no hop answers")
        )
    return told


def _listed(names: Sequence[tuple[str, str]]) -> tuple[str, str]:
    more = " …" if len(names) > MAX_NAMES else ""
    shown = names[:MAX_NAMES]
    return ", ".join(vi for vi, _ in shown) + more, ", ".join(en for _, en in shown) + more
