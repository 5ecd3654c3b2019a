"""How a request is made one that the server answers to us: RFC 7617, RFC 6750, BigBlueButton."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from netwatch.core.login import Login


def login_headers(kind: str, login: Login | None) -> dict[str, str]:
    """Header fields that are sent with every request.

    Args:
        kind: ``basic`` or ``bearer``; with any other, nothing is sent.
        login: user and secret.
    """
    if login is None or kind not in {"basic", "bearer"}:
        return {}
    secret = login.secret.get_secret_value()
    if kind == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    pair = f"{login.user or ''}:{secret}".encode()
    return {"Authorization": f"Basic {b64encode(pair).decode()}"}


def signed_path(kind: str, login: Login | None, path: str) -> str:
    """The path that is really asked for. With a checksum it must not be shown to anybody.

    BigBlueButton: SHA-256 over the name of the call, its query and the shared secret.
    """
    if login is None or kind != "bigbluebutton":
        return path
    place, mark, query = path.partition("?")
    call = place.rpartition("/")[2]
    checksum = sha256(f"{call}{query}{login.secret.get_secret_value()}".encode()).hexdigest()
    return f"{place}?{query}{'&' if mark else ''}checksum={checksum}"
