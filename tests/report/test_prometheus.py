"""Prometheus that is well, away, slow, or something else: a paper is made in any case."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from netwatch.inventory.former_ids import FormerIds
from netwatch.report import prometheus
from netwatch.report.account.history import Facts, LineFacts, SiteFacts
from netwatch.report.measures import Measures
from netwatch.report.prometheus import measures_of
from tests.harness.servers import UNFIT, Handler, dripping, served, silent
from tests.report.histories import month

OCTOBER = month(2026, 10, "Asia/Ho_Chi_Minh")
FACTS = Facts(
    {"a": SiteFacts("a", "Xã A", "A"), "b": SiteFacts("b", "Xã B", "B")},
    {"a-uplink": LineFacts("a-uplink", "a", "b", "VNPT")},
)


def answering(answers: list[object], asked: list[dict[str, list[str]]] | None = None) -> Handler:
    """A server that gives one answer after the other."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if asked is not None:
            asked.append(parse_qs(urlsplit(head.split()[1]).query))
        said = answers.pop(0) if len(answers) > 1 else answers[0]
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    return answer


def vector(label: str, **values: str) -> dict[str, object]:
    result = [{"metric": {label: key}, "value": [1, value]} for key, value in values.items()]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


async def ask(handler: Handler, former: FormerIds | None = None) -> Measures:
    async with served(handler, "127.0.0.1") as port:
        return await measures_of(f"http://127.0.0.1:{port}", FACTS, OCTOBER.interval, former)


async def test_what_it_knows_is_taken_for_the_sites_that_are_meant() -> None:
    asked: list[dict[str, list[str]]] = []
    answers: list[object] = [
        vector("site", a="25", b="NaN", c="50"),
        vector("site", a="75", b="NaN", c="50"),
        vector("site", a="0.9", b="-1"),
        vector("site", a="75", b="1"),
        {
            "status": "success",
            "data": {"result": [{"metric": {"link": "a-uplink"}, "value": [1, "0.97"]}]},
        },
    ]
    found = await ask(answering(answers, asked))
    assert found == Measures({"a": 0.25}, {"a": 0.012}, {"a-uplink": 0.97}, None)
    assert all(f"[{31 * 86400}s]" in query["query"][0] for query in asked)
    assert {query["time"][0] for query in asked} == {str(OCTOBER.interval[1] / 1000)}


async def test_what_was_counted_under_a_former_id_is_added() -> None:
    answers: list[object] = [
        vector("site", a="10", old="20"),
        vector("site", a="30", old="60"),
        vector("site", a="0.3", old="1.5"),
        vector("site", a="30", old="60"),
        vector("link", **{"a-uplink": "0.5", "old-uplink": "0.75"}),
    ]
    former = FormerIds(sites={"old": "a"}, links={"old-uplink": "a-uplink"})
    found = await ask(answering(answers), former)
    assert found == Measures({"a": 0.25}, {"a": 0.02}, {"a-uplink": 0.75}, None)


@pytest.mark.parametrize(
    "answer",
    [
        b"no JSON",
        b"[" * 100_000,
        [1, 2],
        {"status": "success"},
        {"status": "success", "data": {"result": [{"metric": {"site": "a"}, "value": [1]}]}},
        {"status": "success", "data": {"result": [{"metric": 7, "value": [1, "x"]}]}},
        {"status": "error", "errorType": "bad_data", "error": "x" * 10_000},
        vector("job", node="1"),
    ],
    ids=str,
)
async def test_other_data_is_none_and_the_paper_says_so(answer: object) -> None:
    found = await ask(answering([answer]))
    assert (found.loss, found.round_trip, found.busy) == ({}, {}, {})
    assert found.missing is not None
    assert "refused Conn" not in found.missing[1], "it was asked"
    assert all(len(words) < 200 and "\n" not in words for words in found.missing)


@pytest.mark.parametrize("handler", [each for each, _ in UNFIT] + [dripping])
async def test_what_is_no_prometheus_keeps_nobody_waiting(
    handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prometheus, "QUERY_TIMEOUT", 1.0)
    found = await ask(handler)
    assert found.missing is not None
    assert found.missing[1].startswith("Prometheus: ")
    assert "refused" not in found.missing[1], "it was asked"


async def test_one_that_is_away_is_told() -> None:
    async with served(silent, "127.0.0.1") as port:
        pass
    found = await measures_of(f"http://127.0.0.1:{port}", FACTS, OCTOBER.interval)
    assert found.missing == ("Prometheus: refused Connection refused",) * 2
