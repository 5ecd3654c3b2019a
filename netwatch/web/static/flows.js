// The exchange between the Party's and the State's network: tally, matrix, every flow.

import { byId, el, english, icon } from "./dom.js";
import { matrix } from "./matrix.js";
import { told } from "./reasons.js";
import { storyLine } from "./storyline.js";
import { DOUBTS, FLOWS, fullTime, known, span } from "./words.js";

export function drawFlows(status) {
  const { flows, sites, generated, removed_forbidden: removed = [] } = status;
  byId("flows").hidden = flows.length + removed.length === 0;
  const names = new Map(sites.map((site) => [site.id, site.name_vi]));
  const byState = new Map(Object.keys(FLOWS).map((state) => [state, []]));
  for (const flow of flows) byState.get(known(FLOWS, flow.state)).push(flow);
  byId("flow-removed").replaceChildren(...removed.map(removedItem));
  byId("flow-tally").replaceChildren(
    ...["as_expected", "broken", "violated", "unknown"].map((state) => tally(state, byState.get(state).length)));
  byId("flow-matrix").replaceChildren(matrix(status));
  byId("flow-list").replaceChildren(...[...byState.values()].flat().map((flow) => flowItem(flow, names, generated)));
}

// Whoever takes a forbidden flow out of the inventory takes its watch away too.
function removedItem({ flow, at }) {
  return el("li", { class: "problem", "data-tone": "degraded" },
    el("span", { class: "mark", "data-tone": "degraded" }, icon("degraded"), el("span", {}, "đã bỏ")),
    el("div", {}, el("span", { class: "name" }, flow)),
    el("p", { class: "reason" }, "luồng phải chặn này không còn được giám sát ", english("a forbidden flow is not watched any more")),
    el("p", { class: "when" }, `từ ${fullTime(at)}`));
}

function tally(state, count) {
  const { vi, en, tone, icon: shape } = FLOWS[state];
  return el("p", { "data-tone": tone, class: count ? null : "zero" },
    icon(shape), el("b", {}, String(count)), el("span", {}, vi), english(en));
}

export function flowItem(flow, names, now) {
  const { vi, icon: shape, tone } = FLOWS[known(FLOWS, flow.state)];
  const [site] = flow.to.split("/");
  const doubt = DOUBTS[flow.doubt];
  const expect = flow.expect === "blocked" ? "phải chặn" : "phải thông";
  return el("li", { class: "problem flow", "data-tone": tone },
    el("span", { class: "mark", "data-tone": tone }, icon(shape), el("span", {}, vi)),
    el("div", {}, el("span", { class: "name" }, flow.name_vi), " ", english(flow.name)),
    el("p", { class: "when" }, `${flow.from_vi} → ${names.get(site) ?? flow.to} · ${flow.probe} · ${expect}`,
      flow.since === null ? null : ` · từ ${fullTime(flow.since)} (${span(now - flow.since)})`),
    doubt ? el("p", { class: "when" }, doubt.vi, " ", english(doubt.en)) : null,
    flow.reason === null ? null : lastMeasured(flow),
    storyLine(`flow:${flow.id}`));
}

function lastMeasured({ reason, detail }) {
  const { vi, en } = told(reason, detail);
  return el("p", { class: "when" }, `lần đo cuối: ${vi} `, en ? english(`(${en})`) : null);
}
