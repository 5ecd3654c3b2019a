"""What Prometheus knows of a period: loss, round trips, and how full lines were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures over a period.

    Attributes:
        loss: share of the echoes of a site's routers that were lost, by site.
        round_trip: mean seconds, by site.
        busy: share of a line's capacity in the busier direction, its 95th percentile, by line.
        missing: why there is nothing, in Vietnamese and English; None when there is.
    """

    loss: Mapping[str, float] = field(default_factory=dict)
    round_trip: Mapping[str, float] = field(default_factory=dict)
    busy: Mapping[str, float] = field(default_factory=dict)
    missing: tuple[str, str] | None = (
        "chưa khai báo Prometheus (thiết đặt prometheus_url)",
        "no Prometheus is configured (setting prometheus_url)",
    )
