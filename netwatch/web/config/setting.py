"""The web configuration that the settings of this machine name."""

from __future__ import annotations

from netwatch.core.errors import ConfigError, Problem
from netwatch.settings import Settings
from netwatch.web.config.load import WebConfig, load_web_config


def read_web_config(settings: Settings) -> WebConfig:
    """What the file of the setting ``web_config`` says; without one, what stands in ``WebConfig``.

    Raises:
        ConfigError: with every problem found.
    """
    if settings.web_config is None and not settings.web_act_users:
        return WebConfig()
    if settings.web_config is None:
        message = "needs web_config, a file with basic_auth_users; set it, or remove this"
        raise ConfigError([Problem("web_act_users", message)])
    return load_web_config(settings.web_config, settings.web_act_users)
