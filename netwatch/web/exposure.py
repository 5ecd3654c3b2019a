"""Whether other machines can read the pages, and what protects them then."""

from __future__ import annotations

import logging
from typing import Literal

from netwatch.web.addresses import is_loopback
from netwatch.web.config.watch import CurrentWebConfig

Lacking = Literal["tls", "login"]

_VIETNAMESE = {"tls": "TLS", "login": "đăng nhập"}
_ENGLISH = {"tls": "TLS", "login": "a login"}

logger = logging.getLogger(__name__)


class Exposure:
    """What protects a web server that listens on an address.

    Args:
        config: in force now.
        listen: the address; on loopback nothing is lacking.
    """

    def __init__(self, config: CurrentWebConfig, listen: str = "127.0.0.1") -> None:
        self._config = config
        self._is_local = is_loopback(listen)

    def lacking(self) -> list[Lacking]:
        """What is missing: without TLS others read along, without a login anybody reads."""
        if self._is_local:
            return []
        config = self._config.current
        lacking: list[Lacking] = [] if config.tls is not None else ["tls"]
        return lacking if config.knows_clients else [*lacking, "login"]

    def warn(self) -> None:
        """Log one line if something is missing."""
        if lacking := self.lacking():
            logger.warning(
                "trang web mở cho máy khác mà thiếu %s; hãy đặt web_config (docs/install.md) / "
                "other machines reach the web server without %s; set web_config (docs/install.md)",
                " và ".join(_VIETNAMESE[what] for what in lacking),
                " and ".join(_ENGLISH[what] for what in lacking),
            )
