"""What Alertmanager posts reaches people once, or is said not to have, so that it comes again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from netwatch.core.errors import ConfigError
from netwatch.notify.alerts import MAX_ALERTS, Alert
from netwatch.notify.bridge import MAX_WAITING, NotifyBridge
from netwatch.notify.config import SmsConfig, ZaloConfig, read_notify_config
from netwatch.notify.message import MAX_LENGTH, message, span, without_marks
from netwatch.notify.sms import SmsChannel
from netwatch.notify.tokens import ZaloTokens, read_tokens
from netwatch.notify.zalo import ZaloChannel
from netwatch.web.access import Access
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from tests.notify.fakes import FakeServices, fake_services

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ALERT: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "NetwatchLinkDown", "cause": "link:a-uplink"},
    "annotations": {
        "summary": "Đứt đường truyền a-uplink: 3 điểm mất kết nối / Line a-uplink is cut: 3",
        "description": "Nhà mạng VNPT, hợp đồng HD-1. / Carrier VNPT, contract HD-1.",
    },
    "startsAt": "2026-03-02T18:30:00.123456789Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "fingerprint": "7f3a5c",
}
OVER = ALERT | {"status": "resolved", "endsAt": "2026-03-02T19:35:10Z"}

TOLD = (
    "SỰ CỐ: Đứt đường truyền a-uplink: 3 điểm mất kết nối\n"
    "Nhà mạng VNPT, hợp đồng HD-1.\n"
    "Báo lúc 01:30 03/03/2026"
)
TOLD_OVER = (
    "ĐÃ HẾT: Đứt đường truyền a-uplink: 3 điểm mất kết nối\n"
    "Nhà mạng VNPT, hợp đồng HD-1.\n"
    "Báo lúc 01:30 03/03/2026\n"
    "Hết lúc 02:35 03/03/2026, kéo dài 1 giờ 05 phút"
)


@pytest.fixture
def services() -> Iterator[FakeServices]:
    with fake_services() as running:
        yield running


class Bridge:
    """A bridge that runs, as Alertmanager sees it."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def post(self, content: object, **headers: str) -> tuple[int, str]:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        given = {"Content-Type": "application/json"} | headers
        async with self._session.post(self._url, data=BytesIO(body), headers=given) as answer:
            return answer.status, await answer.text()

    async def tell(self, *alerts: dict[str, Any]) -> int:
        return (await self.post({"version": "4", "alerts": list(alerts)}))[0]


def _lay_down(tokens: Path, refresh_token: str) -> None:
    if not tokens.exists():
        tokens.write_text(json.dumps({"refresh_token": refresh_token}))
        tokens.chmod(0o600)


@asynccontextmanager
async def bridge(
    services: FakeServices, tokens: Path, *, to: tuple[str, ...] = ("u1", "u2"), sms: bool = False
) -> AsyncIterator[Bridge]:
    _lay_down(tokens, services.refresh_token)
    zalo = ZaloConfig(
        app_id="1234",
        secret="zalo-app",
        tokens=tokens,
        to=to,
        api=services.url,
        oauth=services.url,
    )
    gateway = SmsConfig(
        url=f"{services.url}/sms",
        body='{"phone": "{to}", "parts": ["{text}", 1]}',
        to=("+84900000001",),
    )
    async with ClientSession() as session:
        key = SecretStr("zalo-app-key")
        channels: list[Any] = [ZaloChannel(zalo, key, read_tokens(tokens), session)]
        if sms:
            channels.append(SmsChannel(gateway, SecretStr("Bearer sms-key"), session))
        app = NotifyBridge(channels, ZONE).app()
        Access().guard(app)
        listener = open_listener("127.0.0.1", 0)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/alertmanager"
        async with serve(app, listener):
            yield Bridge(session, url)


async def test_an_incident_is_one_message_as_it_begins_and_one_when_it_is_over(
    services: FakeServices, tmp_path: Path
) -> None:
    async with bridge(services, tmp_path / "zalo.json") as running:
        for _ in range(3):  # Alertmanager repeats what goes on
            assert await running.tell(ALERT) == 200
        assert sorted(services.zalo) == [("u1", TOLD), ("u2", TOLD)]
        assert await running.tell(OVER) == 200
        assert sorted(services.zalo[2:]) == [("u1", TOLD_OVER), ("u2", TOLD_OVER)]
        again = ALERT | {"startsAt": "2026-03-02T20:00:00Z"}
        assert await running.tell(again) == 200
        assert len(services.zalo) == 6


async def test_a_token_that_has_ended_is_renewed_once_and_kept(
    services: FakeServices, tmp_path: Path
) -> None:
    tokens = tmp_path / "zalo.json"
    async with bridge(services, tokens, to=tuple(f"u{n}" for n in range(12))) as running:
        assert await running.tell(ALERT) == 200
        assert services.renewals == 1
        services.access_token = "another"  # it has ended
        assert await running.tell(OVER) == 200
        assert (services.renewals, len(services.zalo)) == (2, 24)
    assert tokens.stat().st_mode & 0o777 == 0o600
    kept = read_tokens(tokens)
    assert kept.refresh_token.get_secret_value() == "refresh-2"
    async with bridge(services, tokens) as running:  # a restart goes on with what was kept
        assert await running.tell(ALERT) == 200
        assert services.renewals == 2


async def test_a_refresh_token_that_is_not_good_is_told_without_it(
    services: FakeServices, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    services.refresh_token = "refresh-7"
    tokens = tmp_path / "zalo.json"
    tokens.write_text('{"refresh_token": "refresh-of-old"}')
    tokens.chmod(0o600)
    async with bridge(services, tokens) as running:
        status, text = await running.post({"alerts": [ALERT]})
        assert status == 503
        assert "the token can't be renewed: Invalid refresh token" in text
    assert "refresh-of-old" not in caplog.text + text
    assert "zalo-app-key" not in caplog.text + text


async def test_who_was_told_is_not_told_again_when_another_could_not_be(
    services: FakeServices, tmp_path: Path
) -> None:
    async with bridge(services, tmp_path / "zalo.json") as running:
        services.zalo_errors = [-32]  # too much at a time
        assert await running.tell(ALERT) == 503
        assert len(services.zalo) == 1
        assert await running.tell(ALERT) == 200
        assert sorted(user for user, _ in services.zalo) == ["u1", "u2"]


async def test_what_will_never_be_taken_is_said_so(services: FakeServices, tmp_path: Path) -> None:
    async with bridge(services, tmp_path / "zalo.json") as running:
        services.zalo_errors = [-213]  # the user doesn't follow the account
        status, text = await running.post({"alerts": [ALERT]})
        assert (status, text) == (422, "error -213: refused\n")
        assert len(services.zalo) == 1


async def test_a_short_message_is_in_ascii_and_within_the_gateways_json(
    services: FakeServices, tmp_path: Path
) -> None:
    hostile = ALERT | {"annotations": {"summary": 'a", {to} {text} "\n\x1b[31m', "description": ""}}
    async with bridge(services, tmp_path / "zalo.json", sms=True) as running:
        assert await running.tell(hostile) == 200
        ((authorization, body),) = services.sms
        assert authorization == "Bearer sms-key"
        assert body["phone"] == "+84900000001"
        assert body["parts"][0].startswith('SU CO: a", {to} {text} "  [31m\nBao luc 01:30')
        assert body["parts"][1] == 1
        services.sms_status = 500
        assert await running.tell(OVER) == 503
        services.sms_status = 200
        assert await running.tell(OVER) == 200
        assert len(services.zalo) == 4


async def test_services_that_are_gone_are_told_as_that(
    services: FakeServices, tmp_path: Path
) -> None:
    gone = FakeServices(port=9)
    async with bridge(gone, tmp_path / "zalo.json") as running:
        assert await running.tell(ALERT) == 503


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        {},
        {"alerts": [{}]},
        {"alerts": [ALERT | {"startsAt": "soon"}]},
        {"alerts": [ALERT | {"labels": {"a": 5}}]},
        {"alerts": [ALERT] * (MAX_ALERTS + 1)},
    ],
)
async def test_what_is_no_message_of_alertmanager_is_refused(
    services: FakeServices, tmp_path: Path, content: object
) -> None:
    async with bridge(services, tmp_path / "zalo.json") as running:
        status, text = await running.post(content)
        assert status == 400
        assert len(text.splitlines()) == 1
        assert services.zalo == []


async def test_a_page_in_a_browser_can_not_send_and_what_is_endless_ends(
    services: FakeServices, tmp_path: Path
) -> None:
    async with bridge(services, tmp_path / "zalo.json") as running:
        plain = {"Content-Type": "text/plain"}
        assert (await running.post({"alerts": [ALERT]}, **plain))[0] == 415
        assert (await running.post(b" " * (3 << 20)))[0] == 413
        assert services.zalo == []


async def test_no_more_wait_than_there_is_room_for(services: FakeServices, tmp_path: Path) -> None:
    async with bridge(services, tmp_path / "zalo.json") as running:
        many = [running.tell(ALERT) for _ in range(MAX_WAITING // 2)]
        assert set(await asyncio.gather(*many)) <= {200, 503}
        assert len(services.zalo) == 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 giây"),
        (59.4, "59 giây"),
        (61, "1 phút 01 giây"),
        (3900, "1 giờ 05 phút"),
        (90000, "1 ngày 1 giờ"),
        (-5, "0 giây"),
    ],
)
def test_a_duration_is_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_a_long_message_is_cut_and_one_without_texts_has_its_name() -> None:
    long = Alert.model_validate(ALERT | {"annotations": {"summary": "ă" * 9000}})
    assert len(message(long, ZONE)) == MAX_LENGTH
    bare = Alert.model_validate(ALERT | {"annotations": {}})
    assert message(bare, ZONE) == "SỰ CỐ: NetwatchLinkDown\nBáo lúc 01:30 03/03/2026"


def test_marks_are_taken_off_every_letter() -> None:
    assert (
        without_marks("Đường truyền Chí Linh: ừ ợ ỹ ẵ đ €") == "Duong truyen Chi Linh: u o y a d "
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "sends to nobody; add [zalo] or [sms]"),
        ("[zalo]\napp_id = '1'\n", "zalo.secret: secret is missing; add it"),
        ("[sms]\nurl = 'http://other.example/'\nbody = '{}'\nto = ['1']", "is no https address"),
        ("[sms]\nurl = 'https://a.example/'\nbody = '{}'\nto = ['1']", "needs {to} and {text}"),
        ("[sms]\nurl = 'https://a.example/'\nbody = '{'\nto = ['1']", "is no JSON"),
        ("[telegram]\n", "unknown key 'telegram'"),
        ("timezone = 'Mars'", "is not a time zone"),
        ("[", "is not TOML"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "notify.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_notify_config(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        ('{"refresh_token": "geheim-1"}', 0o644, "is open to others; run chmod 600"),
        ("geheim-1", 0o600, "holds no refresh token"),
        ('{"refresh_token": ["geheim-1"]}', 0o600, "holds no refresh token"),
    ],
)
def test_a_file_of_tokens_that_is_no_good_is_told_and_not_quoted(
    tmp_path: Path, content: str, mode: int, said: str
) -> None:
    file = tmp_path / "zalo.json"
    file.write_text(content)
    file.chmod(mode)
    with pytest.raises(ConfigError, match=said) as caught:
        read_tokens(file)
    assert "geheim" not in str(caught.value)


def test_tokens_are_shown_by_no_text_of_theirs() -> None:
    tokens = ZaloTokens(refresh_token=SecretStr("geheim-1"), access_token=SecretStr("geheim-2"))
    assert "geheim" not in repr(tokens) + str(tokens)
