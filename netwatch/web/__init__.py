"""Floor 5: what is served over HTTP: metrics, health, and the status page."""

from netwatch.web.app import create_app
from netwatch.web.server import WebServer, start_web
from netwatch.web.source import WebSource

__all__ = ["WebServer", "WebSource", "create_app", "start_web"]
