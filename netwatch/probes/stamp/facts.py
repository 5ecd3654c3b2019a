"""The facts that only a stream of test packets can give."""

from __future__ import annotations

from netwatch.core.facts import MEDIA_LOSS, MEDIA_MOS, MEDIA_ROUND_TRIP, Fact

_DIRECTION = ("direction",)

MEDIA_LATE = Fact(
    "netwatch_media_late_ratio", "Share of test packets later than a jitter buffer waits."
)
MEDIA_LONGEST_LOSS = Fact(
    "netwatch_media_loss_run_packets", "Longest run of test packets lost one after the other."
)
MEDIA_JITTER = Fact(
    "netwatch_media_jitter_seconds", "Interarrival jitter of test packets (RFC 3550).", _DIRECTION
)
MEDIA_ONE_WAY = Fact(
    "netwatch_media_one_way_seconds", "Median delay of one way, by two clocks.", _DIRECTION
)
MEDIA_ONE_WAY_ERROR = Fact(
    "netwatch_media_one_way_error_seconds", "By how much both clocks together may be wrong."
)
MEDIA_DSCP = Fact(
    "netwatch_media_received_dscp", "DSCP with which test packets arrived.", _DIRECTION
)
MEDIA_RATING = Fact(
    "netwatch_media_rating", "Rating R of the E-model (ITU-T G.107), 0 to 100.", ("codec",)
)

MEDIA_FACTS = (
    *(MEDIA_LOSS, MEDIA_LATE, MEDIA_LONGEST_LOSS, MEDIA_ROUND_TRIP, MEDIA_JITTER),
    *(MEDIA_ONE_WAY, MEDIA_ONE_WAY_ERROR, MEDIA_DSCP, MEDIA_RATING, MEDIA_MOS),
)
"""All facts that a stream can give."""
