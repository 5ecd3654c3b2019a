"""How a cost grows: the power of the size by which it does."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping

MAX_EXPONENT = 1.1
"""Beyond which a cost is a fault."""

LARGE = 3_000
"""Sites from which a cost is fitted: below, what the program costs with none counts more."""


def exponent(costs: Mapping[int, float]) -> float | None:
    """The power of the size by which a cost grows; None when there are too few figures for it.

    Args:
        costs: seconds by size.
    """
    large = {size: cost for size, cost in costs.items() if size >= LARGE and cost > 0}
    if len(large) < 2:
        return None
    points = [math.log(size) for size in large], [math.log(cost) for cost in large.values()]
    return statistics.linear_regression(*points).slope
