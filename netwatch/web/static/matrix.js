// Who may reach whom: vantages across, called sites down; each cell is told by its worst flow.

import { el, hidden, icon } from "./dom.js";
import { FLOWS, fullTime, known, shortTime } from "./words.js";

const WORST_FIRST = Object.keys(FLOWS);

export function matrix({ flows, sites, generated }) {
  const names = new Map(sites.map((site) => [site.id, site.name_vi]));
  const vantages = new Map(flows.map((flow) => [flow.from, flow.from_vi]));
  const cells = new Map();
  for (const flow of flows) {
    const [site] = flow.to.split("/");
    if (!cells.has(site)) cells.set(site, new Map());
    const row = cells.get(site);
    if (!row.has(flow.from)) row.set(flow.from, []);
    row.get(flow.from).push(flow);
  }
  const order = sites.map((site) => site.id).filter((id) => cells.has(id));
  return el("table", { class: "matrix" },
    el("caption", { class: "hidden" }, "Từ điểm đo (cột) đến nơi được gọi (hàng)"),
    el("thead", {}, el("tr", {},
      el("th", { scope: "col" }, "Đến ↓ · từ →"),
      ...[...vantages.values()].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, ...order.map((id) => el("tr", {},
      el("th", { scope: "row" }, names.get(id)),
      ...[...vantages.keys()].map((from) => cell(cells.get(id).get(from) ?? [], generated))))));
}

function cell(flows, now) {
  if (!flows.length) return el("td", {}, hidden("không có luồng"));
  const byState = new Map(WORST_FIRST.map((state) => [state, []]));
  for (const flow of flows) byState.get(known(FLOWS, flow.state)).push(flow);
  const present = WORST_FIRST.filter((state) => byState.get(state).length);
  const worst = present[0];
  // The moment at which all of it began to be as it is: the oldest flow in the worst state.
  const begins = byState.get(worst).map((flow) => flow.since).filter((since) => since !== null);
  const since = begins.length ? Math.min(...begins) : null;
  return el("td", { "data-tone": FLOWS[worst].tone, "data-state": worst },
    el("span", { class: "chips" }, ...present.map((state) =>
      el("span", { class: "chip", "data-tone": FLOWS[state].tone, title: FLOWS[state].vi },
        icon(FLOWS[state].icon), String(byState.get(state).length), hidden(` ${FLOWS[state].vi}, `)))),
    since === null ? null : el("small", { title: fullTime(since) }, hidden("từ "), shortTime(since, now)));
}
