"""The grammar of an adapter: what a system is asked over HTTP, and what its answers mean."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from netwatch.core.fact_rules import DerivationRule, Word
from netwatch.core.params import Port, UrlPath

STATUS = "status"
"""Stands in place of a path for the status code of the response."""

Where = Annotated[str, StringConstraints(pattern=r"^(status|(/[^/\x00-\x20\x7f]{1,64}){1,16})$")]
"""A JSON pointer (RFC 6901) or the names of XML elements from the root on; ``*`` stands for every
item of a JSON list."""

Line = Annotated[str, StringConstraints(pattern=r"^\S[^\x00-\x1f\x7f]{0,199}$")]
ElementName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$")]
StatusCode = Annotated[int, Field(ge=200, le=599)]


class _StrictAdapterModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AdapterRule(DerivationRule):
    """A rule that derives a fact from values of the response.

    Attributes:
        at: where those values stand: a path into the body, or ``status``.
    """

    at: Where


class Expectation(_StrictAdapterModel):
    """What a response must contain to be taken for one of this system.

    Attributes:
        at: a path into the body.
        one_of: the values that may stand there.
    """

    at: Where
    one_of: tuple[Word, ...] = Field(min_length=1)


class LeftOut(_StrictAdapterModel):
    """Which objects of JSON or elements of XML are not read, e.g. a room within a meeting.

    Attributes:
        at: path of a value in them.
        one_of: with one of these values there, they are left out with all that is in them.
    """

    at: Annotated[Where, StringConstraints(pattern=r"^/[^/]+/")]
    one_of: tuple[Word, ...] = Field(min_length=1)


class AdapterRequest(_StrictAdapterModel):
    """One GET request, and what its response means.

    Attributes:
        path: path and query of the URL.
        status: status codes of responses whose body is read; any other one is a failure.
        format: of the body; ``none``: nothing of it is read.
        root: names that the root element of XML may have.
        expect: what else the response must contain.
        without: what is not read of it.
        tells: rules that derive facts.
    """

    path: UrlPath
    status: tuple[StatusCode, ...] = Field(default=(200,), min_length=1)
    format: Literal["json", "xml", "none"] = "json"
    root: tuple[ElementName, ...] = ()
    expect: Expectation | None = None
    without: LeftOut | None = None
    tells: tuple[AdapterRule, ...] = Field(default=(), max_length=32)

    @model_validator(mode="after")
    def _reads_what_there_is(self) -> AdapterRequest:
        if self.root and self.format != "xml":
            raise ValueError("root is for format xml")
        if self.format == "none" and (self.without or any(p != STATUS for p in self.places)):
            raise ValueError("format none reads nothing but status; give json or xml")
        every = (*self.places, self.without.at) if self.without else self.places
        if self.format == "xml" and any("*" in place.split("/") for place in every):
            raise ValueError("* is for format json; a path into XML finds every element anyway")
        return self

    @property
    def places(self) -> tuple[str, ...]:
        """Every path into the body that ``expect`` and ``tells`` name."""
        expected = (self.expect.at,) if self.expect else ()
        return (*expected, *(rule.at for rule in self.tells))


class Adapter(_StrictAdapterModel):
    """How one meeting system is asked over HTTP.

    Attributes:
        system: which system it is for, and where that is documented.
        scheme: ``https`` or ``http``.
        port: that of the scheme where none is given.
        login: how to log in: ``basic`` (RFC 7617), ``bearer`` (RFC 6750), or ``bigbluebutton``:
            a checksum over each call and a shared secret, which itself is never sent.
        questions: the requests, sent one after the other over one connection.
    """

    system: Line
    scheme: Literal["http", "https"] = "https"
    port: Port | None = None
    login: Literal["none", "basic", "bearer", "bigbluebutton"] = "none"
    questions: tuple[AdapterRequest, ...] = Field(min_length=1, max_length=4)
