"""``/metrics``, whole or in parts."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from netwatch.metrics.parts import MetricsPart
from netwatch.web.body import Body, MakingTurns
from netwatch.web.source import WebSource

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class MetricsRoute:
    """Answers ``/metrics`` and ``/metrics?part=PART``.

    Args:
        source: makes the page.
    """

    def __init__(self, source: WebSource) -> None:
        self._source = source
        self._turns = MakingTurns()
        self._whole = Body(source.metrics, turns=self._turns)
        self._parts: dict[MetricsPart, Body] = {}

    def add_to(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/metrics", self._answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        text = request.query.get("part")
        body = self._whole if text is None else self._part(text)
        return await body.respond(request, METRICS_TYPE)

    def _part(self, text: str) -> Body:
        """The body of a part; there are so few that all are kept.

        Raises:
            HTTPNotFound: there is no such part.
        """
        try:
            part = MetricsPart.read(text)
        except ValueError as error:
            raise web.HTTPNotFound(text=f"no such part: {error}\n") from error
        if part not in self._parts:
            make = partial(self._source.metrics_part, part)
            self._parts[part] = Body(make, turns=self._turns)
        return self._parts[part]
