"""The last good copy of a calendar that is fetched."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class CalendarCopy(BaseModel):
    """A calendar as a server gave it.

    Attributes:
        url: where it was fetched.
        content: the octets of the calendar.
        fetched: Unix time at which the server last said that this is current.
        etag: the server's ETag of it (RFC 9110, 8.8.3).
        modified: the server's Last-Modified of it (8.8.2).
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64"
    )

    url: str
    content: bytes = Field(repr=False)
    fetched: float = Field(allow_inf_nan=False)
    etag: str | None = None
    modified: str | None = None
