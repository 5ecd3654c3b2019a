// What is wrong in the province, the worst first: one judgement for list, count, title and icon.

import { BY_SEVERITY, FLOWS, PROBLEMS, known } from "./words.js";

// Seconds by which a site may have become degraded before the suspicion that explains it.
const BEFORE_SUSPICION = 30;

export function verdictOf(status) {
  const flows = (state) => status.flows.filter((flow) => known(FLOWS, flow.state) === state);
  const verdict = {
    violated: flows("violated"),
    broken: flows("broken"),
    sites: troubled(status),
    suspected: status.suspected,
    longer: status.longer_paths ?? [],
    meetings: status.meetings.filter(isAtRisk),
    unknown: unknownIn(status, flows("unknown")),
    blind: status.vantage_ok === false,
  };
  return { ...verdict, count: countOf(verdict), tone: toneOf(verdict) };
}

const isAtRisk = ({ phase, counts }) => phase !== "over" && Boolean(counts.not_ready || counts.at_risk);

// What nobody knows. A flow that is off its schedule isn't meant to be measured now.
function unknownIn({ sites, meetings, vantage_ok: seeing }, flows) {
  return {
    sites: sites.filter((site) => !PROBLEMS.includes(site.state) && !["up", "maintenance"].includes(site.state)).length,
    flows: flows.filter((flow) => flow.doubt !== "off_schedule").length,
    rooms: meetings.filter(({ phase }) => phase !== "over").reduce((sum, { counts }) => sum + (counts.unknown ?? 0), 0),
    self: seeing !== true,
  };
}

// Sites with a fault of their own. What stands behind one, or may, is counted there.
function troubled(status) {
  const byRoot = new Map(status.faults.map((fault) => [fault.root, fault]));
  const places = new Map(status.sites.map((site) => [site.id, site]));
  const isBehind = ({ id, state, root }) => byRoot.has(root) && (state === "unreachable" || isLost(id, byRoot.get(root)));
  const isLost = (id, { kind, site }) => kind === "path" && site !== id;
  const faultAt = (site) => (byRoot.get(site.root)?.site === site.id ? byRoot.get(site.root) : null);
  return status.sites
    .filter((site) => PROBLEMS.includes(site.state) && !isBehind(site) && !isSuspected(site, status.suspected, places))
    .map((site) => ({ site, fault: faultAt(site) }))
    .sort((a, b) =>
      BY_SEVERITY.indexOf(a.site.state) - BY_SEVERITY.indexOf(b.site.state) ||
      (b.fault?.behind ?? 0) - (a.fault?.behind ?? 0) ||
      (b.site.since ?? 0) - (a.site.since ?? 0));
}

function isSuspected(site, suspected, places) {
  if (site.state !== "degraded" || site.since === null) return false;
  const above = new Set();
  for (let at = site; at && !above.has(at.id); at = places.get(at.parent)) above.add(at.id);
  return suspected.some((each) => above.has(each.site) && site.since > each.since - BEFORE_SUSPICION);
}

// Longer paths are one entry: routing that has changed is one cause, whomever it concerns.
const countOf = ({ violated, broken, sites, suspected, longer, meetings }) =>
  violated.length + broken.length + sites.length + suspected.length + Number(longer.length > 0) + meetings.length;

export const isUnknown = ({ unknown }) => unknown.self || unknown.sites + unknown.flows + unknown.rooms > 0;

function toneOf(verdict) {
  const { violated, broken, sites, suspected, longer, meetings } = verdict;
  if (violated.length || broken.length) return "down";
  if (sites.length) return sites[0].site.state;
  if (suspected.length || longer.length || meetings.length) return "degraded";
  return isUnknown(verdict) ? "unknown" : "up";
}

// The worst in a few words, for the title of the tab and for those who listen.
export function headline(status, verdict) {
  const { violated, broken, suspected, longer, meetings, unknown } = verdict;
  const troubled = status.sites.filter(({ state }) => PROBLEMS.includes(state)).length;
  const parts = [
    violated.length && `${violated.length} luồng bị vi phạm`,
    broken.length && `${broken.length} luồng bị đứt`,
    troubled && `${troubled} địa điểm có sự cố`,
    !troubled && suspected.length && `${suspected.length} nghi đứt`,
    longer.length && "đường đi dài hơn thường ngày",
    meetings.length && "phòng họp chưa sẵn sàng",
  ].filter(Boolean);
  if (verdict.blind) parts.unshift("Điểm đo bị cô lập");
  if (parts.length) return parts.join(", ");
  return isUnknown(verdict) ? (unknown.self ? "Chưa rõ" : "Có chỗ chưa rõ") : "Thông suốt";
}
