"""Alertmanager's silences, over its API v2: what there is, making one, ending one."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yarl import URL

from netwatch.core.result import Reason
from netwatch.net.errors import NetworkError
from netwatch.net.http.client import HttpClient, HttpResponse, HttpServer, http_client
from netwatch.net.peer import speak_to
from netwatch.net.trust import SYSTEM

ANSWER_TIMEOUT = 10.0
"""Seconds for one question."""

MAX_ANSWER = 1 << 20
"""Octets of an answer: some thousand silences."""

MAX_COMMENT = 1500
"""Characters of a comment."""

MAX_RECEIVERS = 8
"""Receivers of one alert that are named."""

_JSON = "application/json"
_MARK = re.compile(r"\[netwatch ([0-9a-f]{12})\]$")
"""At the end of a comment: the incident that a silence belongs to."""

Matcher = tuple[str, str, bool]
"""A label, what it must be, and whether that is a regular expression."""


@dataclass(frozen=True, slots=True)
class ActiveSilence:
    """A silence of ours that is in force.

    Attributes:
        id: Alertmanager's.
        incident: to which it belongs.
        ends: unix time.
        matchers: which alerts are silent.
    """

    id: str
    incident: str
    ends: float
    matchers: frozenset[Matcher] = frozenset()


@dataclass(frozen=True, slots=True)
class ActiveAlert:
    """An alert that is neither silenced nor inhibited. Attributes: labels; receivers, by name."""

    labels: Mapping[str, str]
    receivers: tuple[str, ...]

    def matches(self, matchers: Sequence[Matcher]) -> bool:
        """Whether its labels are these."""
        return all(
            re.fullmatch(value if is_regex else re.escape(value), self.labels.get(name, ""))
            for name, value, is_regex in matchers
        )


@dataclass(frozen=True, slots=True)
class WantedSilence:
    """A silence to be made.

    Attributes:
        incident: to which it belongs.
        matchers: which alerts are to be silent.
        author: who wants it.
        comment: why.
        ends: unix time.
    """

    incident: str
    matchers: Sequence[Matcher]
    author: str
    comment: str
    ends: float


class Alertmanager:
    """One Alertmanager.

    Args:
        url: with an address in the place of a host name, because no name is looked up.
    """

    def __init__(self, url: str) -> None:
        parsed = URL(url)
        self._address = parsed.host or ""
        self._prefix = parsed.raw_path.rstrip("/") + "/api/v2"
        self._server = HttpServer(parsed.scheme, parsed.port or 9093, self._address, SYSTEM)

    async def silences(self) -> list[ActiveSilence]:
        """Those of ours that are in force.

        Raises:
            NetworkError: it doesn't answer, or not as Alertmanager does.
        """
        async with self._client() as client:
            answer = await client.get(f"{self._prefix}/silences", max_body=MAX_ANSWER)
        found = _json(answer)
        if not isinstance(found, list):
            raise _not_understood("no list of silences")
        return [silence for each in found if (silence := _ours(each)) is not None]

    async def alerts(self) -> list[ActiveAlert]:
        """Those that its receivers are told of.

        Raises:
            NetworkError: it doesn't answer, or not as Alertmanager does.
        """
        query = "active=true&silenced=false&inhibited=false&unprocessed=false"
        async with self._client() as client:
            answer = await client.get(f"{self._prefix}/alerts?{query}", max_body=MAX_ANSWER)
        found = _json(answer)
        if not isinstance(found, list):
            raise _not_understood("no list of alerts")
        return [alert for each in found if (alert := _alert(each)) is not None]

    async def silence(self, wanted: WantedSilence, known: str | None = None) -> None:
        """Have alerts silenced; ``known``: id of the silence to lengthen, None: a new one.

        Raises:
            NetworkError: it doesn't answer, or refuses.
        """
        content = {
            "matchers": [
                {"name": name, "value": value, "isRegex": is_regex, "isEqual": True}
                for name, value, is_regex in wanted.matchers
            ],
            "startsAt": datetime.now(UTC).isoformat(),
            "endsAt": datetime.fromtimestamp(wanted.ends, UTC).isoformat(),
            "createdBy": wanted.author,
            "comment": f"{wanted.comment[:MAX_COMMENT]} [netwatch {wanted.incident}]".strip(),
            **({} if known is None else {"id": known}),
        }
        await self._send("POST", "/silences", json.dumps(content).encode())

    async def end(self, silence: ActiveSilence) -> None:
        """End a silence.

        Raises:
            NetworkError: it doesn't answer, or refuses.
        """
        await self._send("DELETE", f"/silence/{silence.id}", b"")

    async def _send(self, method: str, path: str, content: bytes) -> None:
        async with self._client() as client:
            answer = await client.send(
                method, self._prefix + path, content, content_type=_JSON, max_body=MAX_ANSWER
            )
        if answer.status != 200:
            raise _not_understood(f"status {answer.status} to {method} {path}")

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[HttpClient]:
        async with (
            speak_to(self._address, ANSWER_TIMEOUT, 2 * MAX_ANSWER) as peer,
            http_client(peer, self._server) as client,
        ):
            yield client


def _json(answer: HttpResponse) -> Any:
    if answer.status != 200 or not answer.whole:
        raise _not_understood(f"status {answer.status}" if answer.whole else "too many silences")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise _not_understood("an answer that is no JSON") from None


def _ours(found: Any) -> ActiveSilence | None:
    """A silence that is in force and was made by netwatch; None for all others."""
    try:
        mark = _MARK.search(found["comment"])
        if mark is None or found["status"]["state"] == "expired":
            return None
        id_, ends = found["id"], datetime.fromisoformat(found["endsAt"])
        if not re.fullmatch(r"[0-9a-f-]{1,64}", id_):
            return None
        matchers = (
            (str(each["name"]), str(each["value"]), bool(each["isRegex"]))
            for each in found["matchers"]
        )
        return ActiveSilence(id_, mark[1], ends.timestamp(), frozenset(matchers))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _alert(found: Any) -> ActiveAlert | None:
    """An alert; None for what is none."""
    try:
        labels = {str(name): str(value) for name, value in found["labels"].items()}
        receivers = [each["name"] for each in found["receivers"]]
        return ActiveAlert(labels, tuple(_shown(each) for each in receivers[:MAX_RECEIVERS]))
    except (KeyError, TypeError, AttributeError):
        return None


def _shown(name: Any) -> str:
    """The name of a receiver as it is shown: short, on one line."""
    return "".join(each for each in str(name)[:64] if each.isprintable())


def _not_understood(detail: str) -> NetworkError:
    return NetworkError(Reason.UNEXPECTED_ANSWER, detail)
