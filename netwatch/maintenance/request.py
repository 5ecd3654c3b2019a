"""Judges what somebody wants to announce, against the inventory and what is announced already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from netwatch.inventory.explain import nearest
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory
from netwatch.inventory.window import Window
from netwatch.maintenance.announcements import Announcement, place_of
from netwatch.maintenance.refused import MaintenanceError
from netwatch.state.maintenance import Scope, scope_of

MAX_DURATION = 31 * 86400.0
"""Seconds that announced work may last at a time."""

MAX_AHEAD = 366 * 86400.0
"""Seconds from now by which it must begin, and by which what recurs must end."""

MAX_NAMES = 100_000
"""Names among which the nearest to a mistyped one is searched: half a second each 20 000."""


@dataclass(frozen=True, slots=True)
class MaintenanceRequest:
    """What somebody wants to announce. Times are unix times.

    Attributes:
        kind: ``site``, ``branch``, ``target``, ``link`` or ``carrier``.
        name: the id of what is touched, or the carrier's name.
        reason: why.
        begins: None: now.
        ends: of all of it; None: after ``lasts``.
        lasts: seconds at a time; None: until ``ends``.
        repeat: rule of RFC 5545; it needs both ``ends`` and ``lasts``.
    """

    kind: str
    name: str
    reason: str
    begins: float | None = None
    ends: float | None = None
    lasts: float | None = None
    repeat: str | None = None

    @property
    def place(self) -> str:
        """As people write it."""
        return place_of(self.kind, self.name)


def judged(
    request: MaintenanceRequest,
    inventory: Inventory,
    announced: Sequence[Announcement],
    author: str,
    now: float,
) -> Announcement:
    """The announcement that comes of a request.

    Args:
        request: what somebody wants.
        inventory: what is watched.
        announced: what is announced already.
        author: who wants it.
        now: unix time.

    Raises:
        MaintenanceError: what can't be announced as it is.
    """
    scope = scope_of(inventory, request.kind, request.name)
    if scope is None:
        raise _unknown(request, inventory)
    begins = now if request.begins is None else request.begins
    lasts, ends = _times(request, begins, now)
    try:
        fresh = Announcement(
            id=_free_id(announced),
            kind=request.kind,
            name=request.name,
            begins=begins,
            ends=ends,
            reason=request.reason,
            author=author,
            repeat=request.repeat,
            lasts=lasts if request.repeat else None,
        )
    except ValidationError as error:
        raise _malformed(error) from None
    _check_repeat(fresh, inventory)
    _check_overlap(fresh, scope, inventory, announced, now)
    return fresh


def _times(request: MaintenanceRequest, begins: float, now: float) -> tuple[float, float]:
    """How long it lasts at a time, and when all of it ends."""
    ends, lasts = request.ends, request.lasts
    if request.repeat and (ends is None or lasts is None):
        vi = "việc lặp lại cần thời lượng và thời điểm kết thúc"
        raise _invalid("--repeat", vi, "needs both --for and --until: how long, and until when")
    if not request.repeat and (ends is None) == (lasts is None):
        vi = "cần thời lượng hoặc thời điểm kết thúc, một trong hai"
        raise _invalid("--for", vi, "give either --for or --until")
    if ends is None:
        assert lasts is not None
        ends = begins + lasts
    if lasts is None:
        lasts = ends - begins
    if ends <= begins:
        raise _invalid("--until", "kết thúc trước khi bắt đầu", "is before the begin; correct one")
    if not 0 < lasts <= MAX_DURATION:
        vi = "mỗi lần phải dài hơn 0 và không quá 31 ngày"
        raise _invalid("--for", vi, "must be more than 0 and at most 31d")
    if ends <= now:
        raise _invalid("--until", "đã qua rồi", "is over already; give a later one")
    if begins - now > MAX_AHEAD or ends - now > MAX_AHEAD + MAX_DURATION:
        vi = "phải trong vòng một năm; việc lâu dài hơn thì ghi vào kho dữ liệu"
        en = "must be within a year; what goes on for longer belongs into the inventory"
        raise _invalid("--from" if begins - now > MAX_AHEAD else "--until", vi, en)
    return lasts, ends


def _malformed(error: ValidationError) -> MaintenanceError:
    """What is told of a value that no announcement can have."""
    first = error.errors(include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    if "repeat" in first["loc"]:
        return _invalid("--repeat", f"quy tắc lặp lại không dùng được: {message}", message)
    vi = "phải là một dòng, 1 đến 128 ký tự in được"
    return _invalid(f"--{first['loc'][0]}", vi, message)


def _check_repeat(fresh: Announcement, inventory: Inventory) -> None:
    """Refuse a rule that is none, never happens, or happens again before it is over."""
    if fresh.repeat is None:
        return
    try:
        window_of(fresh, ZoneInfo(inventory.province.timezone))
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        vi = f"quy tắc lặp lại không dùng được: {message}"
        raise MaintenanceError("--repeat", "invalid", vi, message) from None


def window_of(announcement: Announcement, zone: ZoneInfo) -> Window:
    """The recurring window of an announcement with a rule.

    Raises:
        ValidationError: the rule is none, never happens, or happens again before it is over.
    """
    starts = datetime.fromtimestamp(announcement.begins, zone).strftime("%Y-%m-%d %H:%M")
    lasts = f"{announcement.lasts or 0.0:f}s"
    return Window.model_validate({"starts": starts, "for": lasts, "repeat": announcement.repeat})


def _check_overlap(
    fresh: Announcement,
    scope: Scope,
    inventory: Inventory,
    announced: Sequence[Announcement],
    now: float,
) -> None:
    """Refuse what is announced already, by itself or with more, for a part of the same time."""
    for other in announced:
        if other.ends <= now or other.ends <= fresh.begins or fresh.ends <= other.begins:
            continue
        if fresh.repeat != other.repeat:
            continue  # now and then is not the same as once
        wider = scope_of(inventory, other.kind, other.name)
        if wider is None or not scope.is_within(wider):
            continue
        by = f" ({other.author})" if other.author else ""
        raise MaintenanceError(
            fresh.place,
            "conflict",
            f"đã được báo rồi: {other.id}{by}; hãy kết thúc nó trước",
            f"is announced already as {other.id}{by}; end that first",
        )


def _free_id(announced: Sequence[Announcement]) -> str:
    taken = {each.id for each in announced}
    names = (f"announced-{number}" for number in range(1, len(taken) + 2))
    return next(each for each in names if each not in taken)


def _unknown(request: MaintenanceRequest, inventory: Inventory) -> MaintenanceError:
    known: set[str]
    match request.kind:
        case "link":
            known = set(all_links(inventory))
        case "carrier":
            known = {link.carrier for link in all_links(inventory).values()}
        case "target":
            known = {f"{site_id}/{target_id}" for site_id, _, target_id, _ in inventory.targets()}
        case _:
            known = set(inventory.sites)
    near = nearest(request.name, known, MAX_NAMES)
    if near is None and request.kind == "target":
        near = nearest(request.name.partition("/")[0], inventory.sites, MAX_NAMES)
    vi = f"ý bạn là {near}?" if near else "hãy ghi SITE, SITE/TARGET, branch:, link: hoặc carrier:"
    en = f"did you mean {near}?" if near else "give SITE, SITE/TARGET, branch:, link: or carrier:"
    return MaintenanceError(
        request.place,
        "unknown",
        f"không có trong kho dữ liệu; {vi}",
        f"is not in the inventory; {en}",
    )


def _invalid(place: str, vi: str, en: str) -> MaintenanceError:
    return MaintenanceError(place, "invalid", vi, en)
