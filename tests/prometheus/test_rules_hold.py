"""What every rule must bear: two collectors, a missed scrape, a family that is not there."""

from __future__ import annotations

import re

import pytest

from tests.harness.shipped_rules import DIRECTORY, alerts, read, rules

STILL_SEEN = {
    "NetwatchWatchdog": "of Prometheus",
    "NetwatchRulesFailing": "of Prometheus",
    "NetwatchAlarmWayAbsent": "of Prometheus",
    "NetwatchPrometheusLate": "of Prometheus",
    "NetwatchAlertmanagersApart": "of Prometheus",
    "NetwatchAlertsNotDelivered": "of Prometheus",
    "NetwatchHistoryShort": "of Prometheus",
    "NetwatchOverInMuteHours": "of Prometheus",
    "NetwatchMessagesNotSent": "of Prometheus",
    "NetwatchCollectorAbsent": "is what is gone",
    "NetwatchSeriesMissing": "speaks of a collector that is there",
    "NetwatchVantageSilent": "by what a vantage does not write",
    "NetwatchFlowNotMeasured": "goes on as a flow that is unknown",
    "NetwatchFlowViolatedUnseen": "reads six hours",
    "NetwatchContractEnding": "keeps its date for a day",
    "NetwatchForbiddenFlowRemoved": "keeps its date for an hour",
}
"""Alerts whose end is true though the collector is gone, each with its reason."""

STANDS_BY_ITSELF = {
    "NetwatchWatchdog": "is true while anything is stored",
    "NetwatchFlowViolatedUnseen": "reads six hours, which one scrape doesn't end",
}
"""Alerts without ``keep_firing_for``, each with its reason."""

ACROSS_COLLECTORS = {
    "flow": "every vantage measures flows, and only the centre names them; topk takes one name",
    "back": "likewise",
    "to": "what a flow of any vantage calls is measured by the centre",
    "site": "what a vantage reports down may have a cause that the centre knows",
    "month": "the calendar is one for all of them",
}
"""Labels by which series of different collectors are joined, each with its reason."""

ABSENT_IN_GOOD_TIMES = {
    "netwatch_site_cause": "no site is in trouble",
    "netwatch_path_extra_hops": "no path is longer than usual",
    "netwatch_icmp_reply_ttl": "only a hint (NetwatchPathChanged)",
    "netwatch_flow_as_expected": "absent while unknown; NetwatchFlowNotMeasured tells of each flow",
    "netwatch_flow_block": "nothing is blocked",
    "netwatch_target_state": "only holds alerts back",
    "netwatch_vantage_info": "there is no other vantage",
    "netwatch_link_info": "there are no lines, or none whose interface is known",
    "netwatch_link_capacity_bits_per_second": "likewise",
    "netwatch_link_octets_total": "likewise",
    "netwatch_contract_end_timestamp_seconds": "no contract has an end",
    "netwatch_forbidden_flow_removed_timestamp_seconds": "nothing was removed",
    "netwatch_audit_chain_whole": "there is no journal",
    "netwatch_journal_write_errors_total": "there is no journal",
    "netwatch_tls_certificate_not_after_timestamp_seconds": "nothing with TLS is measured",
    "netwatch_tier_availability_goal_ratio": "no level has an objective",
    "netwatch_meeting_participants": "no meeting is near",
    "netwatch_meeting_phase": "no meeting is near",
    "netwatch_meeting_unknown_rooms": "no meeting is near",
    "netwatch_meeting_warnings": "there is no calendar",
}
"""Families of which alerts make use and that need not be there, each with its reason."""

WORD = r"(?<![\w:])netwatch_\w+"


def expression(name: str) -> str:
    text = str(alerts()[name]["expr"])
    return re.sub(r'"[^"]*"', '""', text)


def texts() -> list[str]:
    """Every expression, and every text in which there may be one."""
    return [
        text
        for rule in rules()
        for text in (
            rule["expr"],
            *rule.get("labels", {}).values(),
            *rule.get("annotations", {}).values(),
        )
    ]


def untold() -> re.Pattern[str]:
    """Alerts of which Alertmanager says nothing while the collector is gone, their ends neither."""
    rules_of_silence = read(DIRECTORY.parent / "alertmanager" / "alertmanager.yml")["inhibit_rules"]
    by_absence = (
        silence["target_matchers"]
        for silence in rules_of_silence
        if any("NetwatchCollectorAbsent" in source for source in silence["source_matchers"])
    )
    patterns = (re.fullmatch(r'alertname=~"(.*)"', target) for (target,) in by_absence)
    return re.compile("|".join(f"(?:{pattern[1]})" for pattern in patterns if pattern))


@pytest.mark.parametrize("name", alerts())
def test_none_is_over_because_the_collector_is_gone(name: str) -> None:
    expr = str(alerts()[name]["expr"])
    stands = f'ALERTS{{alertname="{name}",alertstate="firing"}}' in expr
    stands = stands or expr.startswith("cause:netwatch_cut_off:sites")
    assert (stands or untold().fullmatch(name) is not None) is (name not in STILL_SEEN)


@pytest.mark.parametrize("name", alerts())
def test_a_scrape_that_is_missed_ends_no_alert(name: str) -> None:
    assert ("keep_firing_for" in alerts()[name]) is (name not in STANDS_BY_ITSELF)


def test_series_of_two_collectors_are_never_joined_by_chance() -> None:
    for text in texts():
        assert not re.search(r"\bignoring \([^)]*\b(instance|vantage)\b", text), text
        for found in re.findall(r"\bon \(([^)]*)\)", text):
            labels = {label.strip() for label in found.split(",")} - {""}
            known = labels & {"instance", "vantage"} or labels <= ACROSS_COLLECTORS.keys()
            is_fallback = labels == {"cause"} and "or on (cause) last_over_time" in text
            assert known or is_fallback, text


def test_the_one_side_of_a_join_across_collectors_is_one_series() -> None:
    for text in texts():
        for labels, side in re.findall(r"on \(([^)]*)\) group_left \([^)]*\)\s*(\w+)", text):
            if "instance" not in labels:
                assert side in {"topk", "max", "month"}, text


def test_an_alert_that_only_may_come_is_none() -> None:
    for text in texts():
        for selector in re.findall(r"\bALERTS(\{[^}]*\})?", text):
            assert 'alertstate="firing"' in selector, text


def test_times_are_told_in_the_zone_of_the_province() -> None:
    zoned = "netwatch_timezone_offset_seconds"
    for text in texts():
        assert "3600" not in re.sub(r"[<>]=? [\d* ]+", "", text) or "toTime" not in text
        assert text.count("toTime") <= text.count(zoned), text


def recorded() -> dict[str, str]:
    return {rule["record"]: rule["expr"] for rule in rules() if "record" in rule}


def test_a_family_that_a_rule_needs_is_missed_when_it_is_not_there() -> None:
    guard = str(alerts()["NetwatchSeriesMissing"]["expr"])
    guarded = set(re.findall(r"absent\((netwatch_\w+)", guard))
    needed = {
        family
        for name in alerts()
        for family in re.findall(WORD, expression(name))
        if family not in recorded()
    }
    assert needed - guarded - ABSENT_IN_GOOD_TIMES.keys() == set()
    assert ABSENT_IN_GOOD_TIMES.keys() & guarded == set()
