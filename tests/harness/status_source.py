"""A source of 281 made-up sites, with every state, and names that a hostile device could have."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, cast

from netwatch.audit.log import AuditLog
from netwatch.core.result import Reason
from netwatch.incidents.desk import IncidentDesk
from netwatch.maintenance.desk import MaintenanceDesk
from netwatch.metrics.parts import MetricsPart
from netwatch.state.cause import BeyondLimit, Cause, FailedProbe, Figure
from netwatch.web.history import PastView
from netwatch.web.places import Places
from netwatch.web.status import (
    FaultStatus,
    FlowView,
    MeetingStatus,
    NetworkStatus,
    ObjectiveStatus,
    ProbeStatus,
    ReadinessName,
    RoomStatus,
    SiteView,
    StateName,
    Status,
    SuspectedView,
    TargetView,
    TierStatus,
)
from tests.harness.builders import make_inventory
from tests.harness.incidents import empty_desk
from tests.harness.past import made_up_past
from tests.harness.places import made_up_places

REVISION = 1.5
BLOCK = 64 * 1024
SILENT = FailedProbe("icmp", Reason.TIMEOUT)
HOSTILE = """<script>document.title="owned"</script>"'&amp;<img src=x onerror=alert(1)>"""
STATES: tuple[StateName, ...] = (
    "up",
    "degraded",
    "unreachable",
    "down",
    "unknown",
    "maintenance",
)
DEPARTMENTS = (
    *("Nội vụ", "Tư pháp", "Tài chính", "Công Thương", "Xây dựng", "Y tế", "Dân tộc", "Ngoại vụ"),
    *("Nông nghiệp và Môi trường", "Giáo dục và Đào tạo", "Khoa học và Công nghệ", "Thanh tra"),
    *("Văn hóa Thể thao và Du lịch", "Văn phòng UBND", "Quy hoạch", "Kiểm lâm", "Thống kê"),
    *("Thuế", "Hải quan", "Bảo hiểm xã hội"),
)
DISTRICTS = (
    *("Hải Dương", "Chí Linh", "Kinh Môn", "Nam Sách", "Thanh Hà", "Kim Thành", "Cẩm Giàng"),
    *("Bình Giang", "Gia Lộc", "Tứ Kỳ", "Ninh Giang", "Thanh Miện"),
)
_TIERS = (
    ("datacentre", "Trung tâm dữ liệu", "Data centre"),
    ("department", "Sở, ban, ngành", "Departments"),
    ("district", "Huyện, thành phố, thị xã", "Districts"),
    ("commune", "Xã, phường, thị trấn", "Communes"),
    ("party", "Cơ quan Đảng", "Party offices"),
)


@dataclass
class FakeSource:
    """A `WebSource` whose answers a test can turn."""

    text: bytes = b"# TYPE netwatch_up gauge\nnetwatch_up 1.0\n"
    sick: str | None = None
    waiting: str | None = None
    vantage_ok: bool | None = True
    change: Callable[[Status], None] | None = None
    renders: int = 0
    builds: int = 0
    parts: list[str] = field(default_factory=list)
    desk: IncidentDesk = field(default_factory=empty_desk)
    maintenance_desk: MaintenanceDesk = field(
        default_factory=lambda: MaintenanceDesk(None, AuditLog(), make_inventory())
    )

    async def metrics(self) -> AsyncIterator[bytes]:
        self.renders += 1
        for start in range(0, len(self.text), BLOCK):
            yield self.text[start : start + BLOCK]

    def metrics_part(self, part: MetricsPart) -> AsyncIterator[bytes]:
        self.parts.append(str(part))
        return self.metrics()

    def status(self) -> Status:
        self.builds += 1
        status = build(time.time(), vantage_ok=self.vantage_ok)
        if self.change is not None:
            self.change(status)
        return status

    def places(self) -> Places:
        return made_up_places(build(0.0))

    async def history(self, site: str) -> PastView | None:
        known = {each["id"] for each in build(0.0)["sites"]}
        return made_up_past(site, time.time()) if site in known else None

    def health(self) -> str | None:
        return self.sick

    def readiness(self) -> str | None:
        return self.waiting


def build(now: float, *, vantage_ok: bool | None = True) -> Status:
    sites = list(_sites())
    places = {site["id"]: site for site in sites}
    _trouble(places, now)
    counts = Counter(site["state"] for site in sites)
    return Status(
        province={
            "name_vi": "tỉnh Hải Dương",
            "name": "Hai Duong province",
            "timezone": "Asia/Ho_Chi_Minh",
        },
        vantage="state-dc",
        generated=now,
        vantage_ok=vantage_ok,
        counts={state: counts[state] for state in STATES},
        tiers=[
            TierStatus(id=key, name_vi=name_vi, name=name, rank=rank)
            for rank, (key, name_vi, name) in enumerate(_TIERS)
        ],
        networks=[
            NetworkStatus(id="state", name_vi="Mạng Nhà nước", name="State"),
            NetworkStatus(id="party", name_vi="Mạng Đảng", name="Party"),
        ],
        sites=sites,
        faults=list(_faults(now)),
        suspected=[
            SuspectedView(
                root="link:huyen-5-uplink",
                kind="link",
                id="huyen-5-uplink",
                since=now - 4,
                site="huyen-5",
                target="router",
                sites=8,
                carrier="VNPT",
            )
        ],
        flows=[_flow(index, now) for index in range(8)],
        objectives=[
            _objective("Kết nối 100 % địa điểm", "All sites linked", 0.9964, 1.0),
            _objective("Họp trực tuyến cấp tỉnh – huyện", "Province–district", 0.83, 0.7),
            _objective("Họp trực tuyến cấp huyện – xã", "District–commune", None, 0.3),
            _objective("Liên thông Đảng – Nhà nước", "Exchange", 0.5, 1.0, kind="exchange"),
        ],
        meetings=[_meeting(now)],
        meeting_warnings=[f"calendar x: {HOSTILE}"],
        inventory=REVISION,
        loads={"huyen-4-uplink": 19e6, "huyen-6-uplink": 3.1e6, "so-5-uplink": 88e6},
    )


def calm(status: Status) -> None:
    """Make everything well, and known."""
    sites = cast("list[SiteView]", status["sites"])
    for site in sites:
        site.update({"state": "up", "root": None, "flapping": False, "maintenance": None})
    for flow in cast("list[FlowView]", status["flows"]):
        flow.update({"state": "as_expected", "doubt": None})
    status["counts"] = dict.fromkeys(STATES, 0) | {"up": len(sites)}
    status.update({"faults": [], "suspected": [], "meetings": [], "meeting_warnings": []})


def _sites() -> Iterator[SiteView]:
    centre = ("ttdl", "Trung tâm dữ liệu tỉnh", "Provincial data centre")
    yield _site(centre, "datacentre", None)
    for index, name in enumerate(DEPARTMENTS):
        yield _site((f"so-{index}", f"Sở {name}", f"Department {index}"), "department", "ttdl")
    for index, name in enumerate(DISTRICTS):
        district = f"huyen-{index}"
        yield _site((district, f"Huyện {name}", f"{name} district"), "district", "ttdl")
        for commune in range(20 if index < 7 else 19):
            place = f"xa-{index}-{commune}"
            yield _site((place, f"Xã {name} {commune}", f"Commune {place}"), "commune", district)
    yield _site(("tinh-uy", "Văn phòng Tỉnh ủy", "Party office"), "party", None, "party")
    for index, name in enumerate(DISTRICTS):
        office = (f"huyen-uy-{index}", f"Huyện ủy {name}", "District Party office")
        yield _site(office, "party", "tinh-uy", "party")


def _trouble(places: dict[str, SiteView], now: float) -> None:
    _set(places["huyen-3"], "down", now - 754, SILENT)
    for index in range(20):
        _set(places[f"xa-3-{index}"], "unreachable", now - 750, SILENT)
        places[f"xa-3-{index}"]["root"] = "link:huyen-3-uplink"
    places["huyen-3"]["root"] = "link:huyen-3-uplink"
    _set(places["xa-1-7"], "down", now - 90_000, FailedProbe(HOSTILE, cast("Reason", HOSTILE)))
    places["xa-1-7"]["name_vi"] = HOSTILE
    _set(places["so-5"], "degraded", now - 4_000, BeyondLimit(Figure.LOSS, 0.124))
    places["so-5"]["loss"] = 0.124
    places["so-5"]["flapping"] = True
    _set(places["xa-6-2"], "degraded", now - 300, BeyondLimit(Figure.ROUND_TRIP, 0.212))
    places["xa-6-2"]["rtt"] = 0.212
    _set(places["xa-9-2"], "unknown", None, None)
    _set(places["so-12"], "maintenance", now - 8_000, None)
    places["so-12"]["maintenance"] = {"reason": "Thay bộ chuyển mạch", "ends": now + 3_600}


def _faults(now: float) -> Iterator[FaultStatus]:
    yield FaultStatus(
        root="link:huyen-3-uplink",
        kind="link",
        id="huyen-3-uplink",
        state="down",
        since=now - 754,
        site="huyen-3",
        target="router",
        behind=20,
        carrier="Viettel",
        contract="HD-03",
        evidence={
            "trace": {"last_hop": "10.16.0.1", "distance": 2, "reached": False},
            "near_end": {
                "target": "ttdl/router",
                "interface": "Gi0/3",
                "oper_status": "lowerLayerDown",
                "changed": now - 760,
                "read": now - 30,
            },
        },
    )


def _set(site: SiteView, state: StateName, since: float | None, cause: Cause | None) -> None:
    site.update({"state": state, "since": since})
    silent = state not in {"degraded", "maintenance"}
    if silent:
        site.update({"rtt": None, "loss": None if state == "unknown" else 1.0})
    for target in site["targets"]:
        target.update({"state": state, "since": since, "cause": cause})
        if silent:
            target.update({"rtt": None, "loss": None if state == "unknown" else 1.0})
            for probe in target["probes"]:
                probe.update({"outcome": "failure", "reason": "timeout", "duration": None})


def _site(
    names: tuple[str, str, str], tier: str, parent: str | None, network: str = "state"
) -> SiteView:
    place, name_vi, name = names
    seed = sum(place.encode())
    rtt = 0.0011 + seed % 97 / 9000
    since = time.time() - 3600 * (5 + seed % 400)
    roles = ["router", "codec"] if tier != "commune" else ["router"]
    return SiteView(
        id=place,
        name_vi=name_vi,
        name=name,
        tier=tier,
        parent=parent,
        network=network,
        state="up",
        since=since,
        rtt=rtt,
        loss=0.0,
        root=None,
        flapping=False,
        maintenance=None,
        targets=[
            TargetView(
                id=role,
                role=role,
                name_vi="Thiết bị họp" if role == "codec" else None,
                state="up",
                since=since,
                rtt=rtt,
                loss=0.0,
                cause=None,
                probes=[
                    ProbeStatus(
                        probe=probe,
                        outcome="success",
                        reason="ok",
                        detail="",
                        duration=rtt,
                        at=time.time() - 2,
                    )
                    for probe in (("icmp", "snmp") if role == "router" else ("icmp", "tcp:5060"))
                ],
            )
            for role in roles
        ],
    )


def _flow(index: int, now: float) -> FlowView:
    names = ("Trục liên thông", "Thư điện tử công vụ", "Họp trực tuyến", "Cổng dịch vụ công")
    state = {3: "broken", 6: "violated", 7: "unknown"}.get(index, "as_expected")
    reason = {3: "timeout", 6: "ok", 7: None}.get(index, "ok")
    vantage = ("party-office", "Văn phòng Tỉnh ủy") if index == 5 else ("state-dc", HOSTILE)
    flow = {
        "id": f"flow-{index}",
        "name_vi": f"{names[index % 4]} {index}",
        "name": f"Flow {index}",
        "from": vantage[0],
        "from_vi": vantage[1],
        "to": "huyen-uy-1/router" if index in {4, 6} else "tinh-uy/router",
        "probe": "tcp:443",
        "expect": "blocked" if index == 6 else "pass",
        "state": state,
        "since": None if state == "unknown" else now - 5_000,
        "doubt": "off_schedule" if state == "unknown" else None,
        "reason": reason,
        "detail": HOSTILE if index == 3 else "",
    }
    return cast("FlowView", flow)


def _meeting(now: float) -> MeetingStatus:
    """In 43 minutes: one room can't be reached, one has a poor line, eleven are not known."""
    rooms = [_room("huyen-3", "not_ready", "unreachable", "timeout")]
    rooms += [_room("huyen-4", "at_risk", "poor-line", HOSTILE)]
    rooms += [_room(f"xa-1-{n}", "unknown", "unmeasured", "no result") for n in range(11)]
    rooms += [_room(f"huyen-{n}", "ready") for n in (0, 1, 2)]
    return MeetingStatus(
        id="giao-ban",
        key="giao-ban@2026-11-23T08:00",
        title="Giao ban trực tuyến",
        level="province-district",
        unsure=True,
        phase="preflight",
        start=now + 43 * 60 + 30,
        end=now + 3 * 3600,
        invited=len(rooms),
        counts={"ready": 3, "unknown": 11, "at_risk": 1, "not_ready": 1},
        rooms=rooms,
        unknown=[HOSTILE],
        short=[{"link": "huyen-4-uplink", "demand": 24e6, "capacity": 20e6, "load": 2e6}],
        unmeasured=7,
        preflight=now - 120,
        took=44.2,
        verdict=None,
    )


def _room(
    site: str, readiness: ReadinessName, what: str | None = None, detail: str = ""
) -> RoomStatus:
    findings = [] if what is None else [{"what": what, "probe": "icmp", "detail": detail}]
    return cast(
        "RoomStatus",
        {
            "site": site,
            "target": "codec",
            "readiness": readiness,
            "findings": findings,
            "in_call": None,
            "loss": 0.021 if readiness == "at_risk" else None,
            "mos": 3.24 if readiness == "at_risk" else None,
        },
    )


def _objective(
    name_vi: str,
    name: str,
    ratio: float | None,
    goal: float,
    kind: Literal["sites", "exchange"] = "sites",
) -> ObjectiveStatus:
    return ObjectiveStatus(
        id=name.lower(), name_vi=name_vi, name=name, kind=kind, ratio=ratio, goal=goal
    )
