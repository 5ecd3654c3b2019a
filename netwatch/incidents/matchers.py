"""Which alerts tell of an incident: the labels that they have in config/prometheus/rules."""

from __future__ import annotations

from netwatch.incidents.alertmanager import Matcher
from netwatch.incidents.incident import FAULTS, Incident, Kind

_FLOW_ALERTS = "NetwatchFlow(Violated|Broken)"
_MEETING_ALERTS = "NetwatchMeeting(NotReady|RoomsLost)"


def matchers_of(incident: Incident) -> list[Matcher]:
    """The labels of the alerts that tell of an incident (config/prometheus/rules)."""
    _, _, subject = incident.cause.partition(":")
    if incident.kind in FAULTS:
        return [("cause", incident.cause, False)]
    match incident.kind:
        case Kind.VIOLATED | Kind.BROKEN:
            return [("alertname", _FLOW_ALERTS, True), ("flow", subject, False)]
        case Kind.MEETING:
            series = subject.partition("@")[0]
            return [("alertname", _MEETING_ALERTS, True), ("meeting", series, False)]
        case Kind.VANTAGE:
            return [("alertname", "NetwatchVantageSilent", False), ("vantage", subject, False)]
        case Kind.CERTIFICATE:
            site, target, probe = subject.split("/", 2)
            labels = ("site", site), ("target", target), ("probe", probe)
            named = [(name, value, False) for name, value in labels]
            return [("alertname", "NetwatchCertificateEnding", False), *named]
    return [("alertname", "NetwatchVantageBlind", False)]
