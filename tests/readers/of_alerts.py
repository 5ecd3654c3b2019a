"""What is posted to the webhook of the bridge that tells people."""

from __future__ import annotations

from netwatch.notify.alerts import MAX_BODY, read_alerts
from tests.readers.registry import Reader

ALERT = (
    b'{"status":"firing","labels":{"a":"b"},"annotations":{"c":"d"},"fingerprint":"e",'
    b'"startsAt":"2026-11-30T08:00:00Z","endsAt":"0001-01-01T00:00:00Z"}'
)

READERS = [
    Reader(
        "alerts",
        read_alerts,
        max_octets=MAX_BODY,
        refuses=(ValueError,),
        tokens=(ALERT + b",", b"{},", b"[", b'{"a":', b'"a":1,', b'"a":"b",', b"1,", b"\\u0000"),
        seeds=(b'{"version":"4","alerts":[' + ALERT + b"]}", b'{"alerts":[]}'),
        covers=("notify.alerts:read_alerts",),
    )
]
