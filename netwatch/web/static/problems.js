// The list of what is wrong now, the worst first: flows, faults, suspicions, meetings, the unknown.

import { causesOf, evidenceOf, faultOf } from "./causes.js";
import { byId, el, english, icon, setText } from "./dom.js";
import { flowItem } from "./flows.js";
import { storyLine } from "./storyline.js";
import { isUnknown } from "./verdict.js";
import { STATES, SUBJECTS, fullTime, loss, seconds, shortTime, span } from "./words.js";

const SHOWN = 12;

export function stateMark(state) {
  return el("span", { class: "mark", "data-tone": state }, icon(state), el("span", {}, STATES[state].vi));
}

export function drawProblems(status, verdict) {
  const items = problemItems(status, verdict);
  const list = byId("problem-list");
  const open = list.querySelector("details")?.open ?? false;
  list.replaceChildren(...items.slice(0, SHOWN));
  if (items.length > SHOWN) {
    const more = el("details", { class: "more", open },
      el("summary", {}, `và ${items.length - SHOWN} sự cố nữa `, english("more")),
      el("ul", { class: "list" }, ...items.slice(SHOWN)));
    list.append(el("li", {}, more));
  }
  if (isUnknown(verdict)) list.append(unknownItem(verdict, items.length > 0));
  else if (!items.length) list.append(calm());
  setText(byId("problems-total"), verdict.count ? String(verdict.count) : "");
  byId("problems").dataset.tone = verdict.tone;
}

function problemItems(status, { violated, broken, sites, suspected, longer, meetings }) {
  const now = status.generated;
  const names = new Map(status.sites.map((site) => [site.id, site.name_vi]));
  const places = new Map(status.sites.map((site) => [site.id, site]));
  const of = (state) => sites
    .filter(({ site }) => (site.state === "degraded") === (state === "degraded"))
    .map((each) => siteItem(each, places.get(each.site.parent), now));
  return [
    ...violated.map((flow) => flowItem(flow, names, now)),
    ...broken.map((flow) => flowItem(flow, names, now)),
    ...of("down"),
    ...suspected.map((each) => suspicionItem(each, now)),
    ...of("degraded"),
    ...(longer.length ? [longerItem(longer, names, now)] : []),
    ...meetings.map((meeting) => meetingItem(meeting, now)),
  ];
}

// Some seconds long, until it is a fault or cleared.
function suspicionItem(each, now) {
  const what = SUBJECTS[each.kind];
  const carrier = each.carrier ? ` (${each.carrier})` : "";
  return el("li", { class: "problem", "data-tone": "degraded" },
    el("span", { class: "mark", "data-tone": "degraded" }, icon("degraded"), el("span", {}, "nghi đứt")),
    el("div", {}, el("a", { href: `#site-${each.site}`, class: "name" }, `${what} ${each.id}${carrier}`), " ", english("suspected")),
    el("p", { class: "behind" }, `${each.sites} điểm `, english(`sites: ${each.sites}`)),
    storyLine(each.root),
    el("p", { class: "when", title: fullTime(each.since) }, `từ ${shortTime(each.since, now)} · ${span(now - each.since)}`));
}

// Routing has changed, and no interface or silence says why: one entry, whomever it concerns.
function longerItem(longer, names, now) {
  const since = Math.min(...longer.map((each) => each.since));
  const [{ site, target, hops }] = longer;
  const others = longer.length > 1 ? ` và ${longer.length - 1} thiết bị nữa` : "";
  return el("li", { class: "problem", "data-tone": "degraded" },
    el("span", { class: "mark", "data-tone": "degraded" }, icon("degraded"), el("span", {}, "đường đi dài hơn")),
    el("div", {}, el("a", { href: `#site-${site}`, class: "name" }, names.get(site) ?? site), ` ${target}${others} `, english("longer path than usual")),
    el("p", { class: "reason" }, `qua thêm ${hops} chặng so với thường ngày; có thể đã mất đường dự phòng `, english("a reserve may be lost")),
    storyLine("paths:longer"),
    el("p", { class: "when", title: fullTime(since) }, `từ ${shortTime(since, now)} · ${span(now - since)}`));
}

function siteItem({ site, fault }, parent, now) {
  const behind = fault?.behind ?? 0;
  const figures = site.state === "degraded" ? `mất gói ${loss(site.loss)}, độ trễ ${seconds(site.rtt)}` : "";
  const found = fault ? evidenceOf(fault) : null;
  const since = site.since === null ? "" : `từ ${shortTime(site.since, now)} · ${span(now - site.since)}`;
  return el("li", { class: "problem", "data-tone": site.state },
    stateMark(site.state),
    el("div", {}, el("a", { href: `#site-${site.id}`, class: "name" }, site.name_vi),
      parent?.parent ? el("small", { class: "of" }, ` ${parent.name_vi}`) : null),
    el("p", { class: "reason" }, causesOf(site) || figures),
    fault ? el("p", { class: "reason" }, `nguyên nhân: ${faultOf(fault)}`) : null,
    found ? el("p", { class: "reason" }, found.vi, " ", english(found.en)) : null,
    site.flapping ? el("p", { class: "behind" }, "chập chờn ", english("flapping")) : null,
    behind ? el("p", { class: "behind" }, `kéo theo ${behind} địa điểm không tới được `, english(`${behind} sites behind it`)) : null,
    storyLine(site.root),
    el("p", { class: "when", title: fullTime(site.since) }, since));
}

function meetingItem({ key, title, counts, start }, now) {
  const tone = counts.not_ready ? "down" : "degraded";
  const words = [
    counts.not_ready && `${counts.not_ready} phòng chưa sẵn sàng`,
    counts.at_risk && `${counts.at_risk} phòng có rủi ro`,
  ].filter(Boolean);
  return el("li", { class: "problem", "data-tone": tone },
    el("span", { class: "mark", "data-tone": tone }, icon(tone), el("span", {}, "phòng họp")),
    el("div", {}, el("a", { href: "#meetings", class: "name" }, title)),
    el("p", { class: "reason" }, `${words.join(", ")} `, english("rooms not ready")),
    storyLine(`meeting:${key}`),
    el("p", { class: "when", title: fullTime(start) }, start > now ? `họp sau ${span(start - now)}` : "đang họp"));
}

function calm() {
  return el("li", { class: "calm", "data-tone": "up" }, icon("up"),
    el("span", {}, "Không có sự cố ", english("No problems")));
}

// No problem is good news only when everything was measured.
function unknownItem({ unknown, blind }, afterProblems) {
  const what = [
    unknown.self && (blind ? "điểm đo đang bị cô lập" : "chưa rõ điểm đo có thông hay không"),
    unknown.sites && `${unknown.sites} địa điểm chưa rõ`,
    unknown.flows && `${unknown.flows} luồng chưa rõ`,
    unknown.rooms && `${unknown.rooms} phòng họp chưa rõ`,
  ].filter(Boolean).join(", ");
  const vi = afterProblems ? `Ngoài ra ${what} ` : `Chưa thấy sự cố; ${what} `;
  return el("li", { class: "calm", "data-tone": "unknown" }, icon("unknown"),
    el("span", {}, vi, english(afterProblems ? "Not all is known" : "No problem seen; not all is known")));
}
