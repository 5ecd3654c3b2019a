"""What Alertmanager posts to a webhook (version 4): read within bounds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MAX_BODY = 2 << 20
"""Octets of a request."""

MAX_ALERTS = 500
"""Alerts of a request."""

_Text = Annotated[str, Field(max_length=16_384)]
_Texts = Annotated[dict[str, _Text], Field(max_length=200)]


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

    alerts: list[Alert] = Field(max_length=MAX_ALERTS)


def read_alerts(body: bytes) -> list[Alert]:
    """The alerts in a request's body.

    Raises:
        ValueError: it is something else, in one line.
    """
    try:
        return _Webhook.model_validate_json(body).alerts
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "body"
        raise ValueError(f"no message of Alertmanager: {place}: {first['msg']}") from None
