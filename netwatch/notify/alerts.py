"""What Alertmanager posts to a webhook (version 4): read within bounds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, FailFast, Field, ValidationError
from pydantic_core import from_json

MAX_BODY = 1 << 20
"""Octets of a request."""

MAX_ALERTS = 500
"""Alerts of a request."""

MAX_TEXTS = 200
"""Labels of an alert, and likewise annotations."""

_Text = Annotated[str, Field(max_length=16_384)]
_Texts = dict[str, _Text]


class Alert(BaseModel):
    """One alert.

    Attributes:
        status: whether it goes on.
        labels: what tells it from others.
        annotations: texts for people.
        begun: when it began.
        ended: when it was over; far away while it goes on.
        fingerprint: of its labels.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: Literal["firing", "resolved"]
    labels: _Texts = {}
    annotations: _Texts = {}
    begun: datetime = Field(alias="startsAt")
    ended: datetime = Field(alias="endsAt")
    fingerprint: Annotated[str, Field(min_length=1, max_length=64)]


class _Webhook(BaseModel):
    model_config = ConfigDict(extra="ignore")

    alerts: Annotated[list[Alert], FailFast(), Field(max_length=MAX_ALERTS)]


def read_alerts(body: bytes) -> list[Alert]:
    """The alerts in a request's body.

    Raises:
        ValueError: it is something else, in one line.
    """
    try:
        told = from_json(body)
    except ValueError as error:
        raise ValueError(f"no message of Alertmanager: {error}") from None
    _refuse_many(told)
    try:
        return _Webhook.model_validate(told).alerts
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "body"
        raise ValueError(f"no message of Alertmanager: {place}: {first['msg']}") from None


def _refuse_many(told: object) -> None:
    """Refuse more than is judged, before each mistake in it would be found and told."""
    alerts = told.get("alerts") if isinstance(told, dict) else None
    for alert in alerts[: MAX_ALERTS + 1] if isinstance(alerts, list) else ():
        for name in ("labels", "annotations") if isinstance(alert, dict) else ():
            if isinstance(texts := alert.get(name), dict) and len(texts) > MAX_TEXTS:
                raise ValueError(f"no message of Alertmanager: more than {MAX_TEXTS} {name}")
