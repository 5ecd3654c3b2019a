"""Which requests a page of ours has sent, as far as a browser says."""

from __future__ import annotations

import ssl

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from netwatch.web.acting import is_same_origin

HOST = "netwatch.haiduong.gov.vn"
OURS = f"https://{HOST}"


def judged(*headers: tuple[str, str], host: str = HOST, secure: bool = False) -> bool:
    tls = ssl.create_default_context() if secure else None
    given = CIMultiDict([("Host", host), *headers])
    return is_same_origin(make_mocked_request("POST", "/", given, sslcontext=tls))


@pytest.mark.parametrize("secure", [False, True], ids=["behind a proxy", "over TLS"])
def test_our_page_is_known_by_its_origin(secure: bool) -> None:
    assert judged(("Origin", OURS), secure=secure)
    assert judged(("Origin", f"{OURS}:443"), secure=secure)
    assert judged(("Origin", OURS.upper()), host=HOST.upper(), secure=secure)
    assert judged(("Origin", f"{OURS}:8443"), host=f"{HOST}:8443", secure=secure)
    assert judged(("Origin", OURS), ("Sec-Fetch-Site", "same-origin"), secure=secure)


def test_a_proxy_that_changes_the_host_is_known_by_what_the_browser_says_itself() -> None:
    assert judged(("Origin", OURS), ("Sec-Fetch-Site", "same-origin"), host="127.0.0.1:10880")
    assert not judged(("Origin", OURS), host="127.0.0.1:10880")


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("Origin", ""),),
        (("Origin", "null"),),
        (("Origin", f"http://{HOST}"),),
        (("Origin", f"{OURS}:8443"),),
        (("Origin", f"{OURS}.evil.example"),),
        (("Origin", f"https://evil.example/{HOST}"),),
        (("Origin", f"https://{HOST}@evil.example"),),
        (("Origin", f"ftp://{HOST}"),),
        (("Origin", "https://[::1"),),
        (("Origin", OURS), ("Origin", "https://evil.example")),
        (("Origin", OURS), ("Sec-Fetch-Site", "cross-site")),
        (("Origin", OURS), ("Sec-Fetch-Site", "same-site")),
        (("Origin", OURS), ("Sec-Fetch-Site", "none")),
        (("Origin", OURS), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")),
        (("Referer", f"{OURS}/"),),
    ],
    ids=str,
)
def test_every_other_page_is_refused(headers: tuple[tuple[str, str], ...]) -> None:
    assert not judged(*headers, secure=True)
