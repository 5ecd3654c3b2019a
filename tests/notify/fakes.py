"""Who takes messages, as far as a sender can see: mail, Telegram, Zalo, a gateway of SMS."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_string, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class FakeServices:
    """What came, and how the services behave.

    Attributes:
        port: of all that speaks HTTP.
        telegram: bodies of ``sendMessage``, with the bot's token.
        sms: bodies, with the header Authorization.
        zalo: user and text.
        refresh_token: the only one that is good now; each is good once.
        access_token: the same.
        renewals: how often a token was renewed.
        zalo_errors: numbers that the next messages are answered with, instead of being taken.
        sms_status: that the gateway answers with.
    """

    port: int = 0
    telegram: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sms: list[tuple[str, Any]] = field(default_factory=list)
    zalo: list[tuple[str, str]] = field(default_factory=list)
    refresh_token: str = "refresh-0"
    access_token: str = ""
    renewals: int = 0
    zalo_errors: list[int] = field(default_factory=list)
    sms_status: int = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, object]:
        if path == "/v4/oa/access_token":
            return 200, self._renew(headers["secret_key"], parse_qs(body.decode()))
        content = json.loads(body)
        if path == "/v3.0/oa/message/cs":
            return 200, self._take(headers["access_token"], content)
        if path.startswith("/bot") and path.endswith("/sendMessage"):
            self.telegram.append((path.split("/")[1].removeprefix("bot"), content))
            return 200, {"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 1}}}
        if path == "/sms":
            self.sms.append((headers.get("Authorization", ""), content))
            return self.sms_status, {}
        return 404, {}

    def _renew(self, secret: str, form: dict[str, list[str]]) -> object:
        wanted = {
            "app_id": ["1234"],
            "grant_type": ["refresh_token"],
            "refresh_token": [self.refresh_token],
        }
        if secret != "zalo-app-key" or form != wanted:
            return {"error": -14014, "error_name": "Invalid refresh token"}
        self.renewals += 1
        self.access_token = f"access-{self.renewals}"
        self.refresh_token = f"refresh-{self.renewals}"
        return {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_in": "90000",
        }

    def _take(self, token: str, content: dict[str, Any]) -> object:
        if token != self.access_token:
            return {"error": -216, "message": "Access token is invalid"}
        if self.zalo_errors and (error := self.zalo_errors.pop(0)):
            return {"error": error, "message": "refused"}
        self.zalo.append((content["recipient"]["user_id"], content["message"]["text"]))
        return {"error": 0, "message": "Success", "data": {}}


@contextmanager
def fake_services() -> Iterator[FakeServices]:
    """All services that speak HTTP, at one address."""
    services = FakeServices()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = services.answer(self.path, self.headers, body)
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _served(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as services.port:
        yield services


@contextmanager
def fake_mail() -> Iterator[tuple[list[EmailMessage], int]]:
    """A mail server (RFC 5321), without TLS: what it was given, and its port."""
    mails: list[EmailMessage] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mail.netwatch.example")
            while line := self.rfile.readline().decode().strip():
                verb = line.upper().split(" ")[0]
                if verb == "DATA":
                    self._say("354 go on")
                    mails.append(self._data())
                    self._say("250 taken")
                elif verb == "QUIT":
                    return self._say("221 bye")
                else:
                    self._say("250 mail.netwatch.example" if verb == "EHLO" else "250 ok")
            return None

        def _data(self) -> EmailMessage:
            lines = []
            while (line := self.rfile.readline().decode()) != ".\r\n":
                lines.append(line.removeprefix("."))
            return message_from_string("".join(lines), policy=policy.default)

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with _served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        yield mails, port


@contextmanager
def _served(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
