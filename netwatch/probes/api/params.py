"""Keys of ``probe: api``."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from netwatch.adapters import Adapter, load_adapter
from netwatch.core.errors import ConfigError
from netwatch.core.params import LoginParams, Port
from netwatch.net.http.place import DEFAULT_PORTS
from netwatch.net.trust import SYSTEM, Bundle, HostName


def _readable(name: str) -> str:
    """The name, if its adapter can be read, so that a wrong one is told with the inventory."""
    try:
        load_adapter(name)
    except ConfigError as error:
        more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
        raise ValueError(f"{error.problems[0]}{more}") from None
    return name


class ApiParams(LoginParams):
    """Keys of ``probe: api``.

    Attributes:
        adapter: name of an adapter that is shipped, or path of a file.
        scheme: instead of the adapter's.
        port: instead of the adapter's.
        name: what the server is called, in the Host header and in the certificate.
        ca: path of the authorities' certificates, or ``system``.
    """

    shortest_interval: ClassVar[float] = 1.0

    adapter: Annotated[str, Field(max_length=4096), AfterValidator(_readable)]
    scheme: Literal["http", "https"] | None = None
    port: Port | None = None
    name: HostName | None = None
    ca: Bundle = Field(default=SYSTEM, validate_default=True)

    @model_validator(mode="after")
    def _fits_the_adapter(self) -> ApiParams:
        wanted = self.system.login
        if (wanted == "none") != (self.login is None):
            remedy = "remove login" if wanted == "none" else "add login: <id of a login>"
            raise ValueError(f"adapter {self.adapter} has login {wanted}; {remedy}")
        if wanted in {"basic", "bearer"} and self.web_scheme == "http":
            raise ValueError(f"login {wanted} would send the secret in clear; use scheme: https")
        return self

    @property
    def system(self) -> Adapter:
        """The adapter."""
        return load_adapter(self.adapter)

    @property
    def web_scheme(self) -> str:
        """``http`` or ``https``."""
        return self.scheme or self.system.scheme

    @property
    def tcp_port(self) -> int:
        """The port."""
        return self.port or self.system.port or DEFAULT_PORTS[self.web_scheme]

    @property
    def qualifier(self) -> str:
        """The adapter."""
        return PurePath(self.adapter).stem
