// What stands above and beside the tree: counts, problems, flows, objectives.

import { byId, el, english, hidden, icon, setText } from "./dom.js";
import { matrix } from "./matrix.js";
import { drawMeetings } from "./meetings.js";
import {
  BY_SEVERITY, DOUBTS, FLOWS, PROBLEMS, STATES, causesOf, evidenceOf, faultOf, fullTime, known, seconds, share, shortTime, span, loss, why,
} from "./words.js";

const SHOWN = 12;

export function stateMark(state) {
  return el("span", { class: "mark", "data-tone": state }, icon(state), el("span", {}, STATES[state].vi));
}

export class Summary {
  constructor(onState, onSite) {
    this.onSite = onSite;
    this.tiles = new Map();
    this.seen = new Map();
    for (const state of BY_SEVERITY) {
      const number = el("b", {}, "–");
      const tile = el(
        "button",
        { type: "button", class: "tile", "data-tone": state, "aria-pressed": "false" },
        icon(state), number, el("span", {}, STATES[state].vi), english(STATES[state].en),
      );
      tile.addEventListener("click", () => onState(state));
      byId("counts").append(tile);
      this.tiles.set(state, { tile, number });
    }
  }

  press(pressed) {
    for (const [state, { tile }] of this.tiles) {
      tile.setAttribute("aria-pressed", String(state === pressed));
    }
  }

  update(status) {
    this.counts(status);
    // A list is made anew only when it changed, so that focus and folding stay as they are.
    this.whenChanged("problems", [status.sites.filter((s) => PROBLEMS.includes(s.state)), status.faults, status.suspected, Math.floor(status.generated / 10)],
      () => this.problems(status));
    this.whenChanged("meetings", [status.meetings, status.meeting_warnings, Math.floor(status.generated / 10)],
      () => drawMeetings(status));
    this.whenChanged("flows", status.flows, () => this.flows(status));
    this.whenChanged("objectives", status.objectives, () => this.objectives(status));
  }

  whenChanged(name, content, draw) {
    const text = JSON.stringify(content);
    if (this.seen.get(name) === text) return;
    this.seen.set(name, text);
    draw();
  }

  counts({ counts, sites }) {
    const bar = [];
    for (const [state, { tile, number }] of this.tiles) {
      const count = counts[state] ?? 0;
      setText(number, String(count));
      tile.classList.toggle("zero", count === 0);
      const piece = el("i", { "data-tone": state });
      piece.style.flexGrow = count;
      bar.unshift(piece);
    }
    byId("bar").replaceChildren(...bar);
    const words = BY_SEVERITY.filter((state) => counts[state]).map(
      (state) => `${counts[state]} ${STATES[state].vi}`,
    );
    setText(byId("sentence"), `${sites.length} địa điểm: ${words.join(", ")}`);
  }

  // What only stands behind a fault is counted there, not listed.
  problems({ sites, faults, suspected, generated }) {
    const places = new Map(sites.map((site) => [site.id, site]));
    const byRoot = new Map(faults.map((fault) => [fault.root, fault]));
    const listed = sites.filter(
      ({ state, root }) => PROBLEMS.includes(state) && !(state === "unreachable" && byRoot.has(root)),
    );
    const faultAt = (site) => {
      const fault = byRoot.get(site.root);
      return fault?.site === site.id ? fault : null;
    };
    const weight = (site) => faultAt(site)?.behind ?? 0;
    listed.sort(
      (a, b) =>
        BY_SEVERITY.indexOf(a.state) - BY_SEVERITY.indexOf(b.state) ||
        weight(b) - weight(a) ||
        (b.since ?? 0) - (a.since ?? 0),
    );
    const items = [
      ...listed.map((site) => this.problem(site, faultAt(site), places.get(site.parent), generated)),
      ...suspected.map((each) => this.suspicion(each, generated)),
    ];
    const list = byId("problem-list");
    const open = list.querySelector("details")?.open ?? false;
    list.replaceChildren(...items.slice(0, SHOWN));
    if (items.length > SHOWN) {
      const more = el("details", { class: "more", open },
        el("summary", {}, `và ${items.length - SHOWN} sự cố nữa `, english("more")),
        el("ul", { class: "list" }, ...items.slice(SHOWN)));
      list.append(el("li", {}, more));
    }
    if (!items.length) list.append(quiet(sites));
    setText(byId("problems-total"), items.length ? String(items.length) : "");
    byId("problems").dataset.tone = listed.length ? listed[0].state : suspected.length ? "degraded" : "up";
  }

  // Some seconds long, until it is a fault or cleared.
  suspicion(each, now) {
    const what = each.kind === "link" ? "đường truyền" : "thiết bị";
    const carrier = each.carrier ? ` (${each.carrier})` : "";
    const link = el("a", { href: `#site-${each.site}`, class: "name" }, `${what} ${each.id}${carrier}`);
    link.addEventListener("click", () => this.onSite(each.site));
    return el("li", { class: "problem", "data-tone": "degraded" },
      el("span", { class: "mark", "data-tone": "degraded" }, icon("degraded"), el("span", {}, "nghi đứt")),
      el("div", {}, link, " ", english("suspected")),
      el("p", { class: "behind" }, `${each.sites} điểm `, english(`sites: ${each.sites}`)),
      el("p", { class: "when", title: fullTime(each.since) }, `từ ${shortTime(each.since, now)} · ${span(now - each.since)}`));
  }

  problem(site, fault, parent, now) {
    const behind = fault?.behind ?? 0;
    const found = fault ? evidenceOf(fault) : null;
    const since = site.since === null ? "" : `từ ${shortTime(site.since, now)} · ${span(now - site.since)}`;
    const figures = `độ trễ ${seconds(site.rtt)} · mất gói ${loss(site.loss)}`;
    const link = el("a", { href: `#site-${site.id}`, class: "name" }, site.name_vi);
    link.addEventListener("click", () => this.onSite(site.id));
    return el("li", { class: "problem", "data-tone": site.state },
      stateMark(site.state),
      el("div", {}, link, parent?.parent ? el("small", { class: "of" }, ` ${parent.name_vi}`) : null),
      el("p", { class: "reason" }, causesOf(site) || figures),
      fault ? el("p", { class: "reason" }, `nguyên nhân: ${faultOf(fault)}`) : null,
      found ? el("p", { class: "reason" }, found.vi, " ", english(found.en)) : null,
      site.flapping ? el("p", { class: "behind" }, "chập chờn ", english("flapping")) : null,
      behind ? el("p", { class: "behind" }, `kéo theo ${behind} địa điểm không tới được `, english(`${behind} sites behind it`)) : null,
      el("p", { class: "when", title: fullTime(site.since) }, since));
  }

  flows(status) {
    const { flows, sites } = status;
    byId("flows").hidden = flows.length === 0;
    const names = new Map(sites.map((site) => [site.id, site.name_vi]));
    const byState = new Map(Object.keys(FLOWS).map((state) => [state, []]));
    for (const flow of flows) byState.get(known(FLOWS, flow.state)).push(flow);
    byId("flow-tally").replaceChildren(
      ...["as_expected", "broken", "violated", "unknown"].map((state) => {
        const { vi, en, tone, icon: shape } = FLOWS[state];
        const count = byState.get(state).length;
        return el("p", { "data-tone": tone, class: count ? null : "zero" },
          icon(shape), el("b", {}, String(count)), el("span", {}, vi), english(en));
      }),
    );
    const draw = (state) => byState.get(state).map((flow) => flowItem(flow, state, names));
    byId("flow-matrix").replaceChildren(matrix(status));
    byId("flow-problems").replaceChildren(...draw("violated"), ...draw("broken"));
    byId("flow-list").replaceChildren(...[...byState.keys()].flatMap(draw));
  }

  objectives({ objectives }) {
    byId("objectives").hidden = objectives.length === 0;
    byId("objective-list").replaceChildren(...objectives.map(objectiveItem));
  }
}

// No problem is good news only when everything was measured.
function quiet(sites) {
  const unmeasured = sites.filter((site) => site.state === "unknown").length;
  if (!unmeasured) {
    return el("li", { class: "calm", "data-tone": "up" }, icon("up"), el("span", {}, "Không có sự cố ", english("No problems")));
  }
  return el("li", { class: "calm", "data-tone": "unknown" }, icon("unknown"),
    el("span", {}, `Chưa thấy sự cố; ${unmeasured} địa điểm chưa rõ `, english("No problem seen; some sites unknown")));
}

function flowItem(flow, state, names) {
  const { vi, icon: shape, tone } = FLOWS[state];
  const [site] = flow.to.split("/");
  const doubt = DOUBTS[flow.doubt];
  const expect = flow.expect === "blocked" ? "phải chặn" : "phải thông";
  return el("li", { class: "flow", "data-tone": tone },
    el("span", { class: "mark", "data-tone": tone }, icon(shape), el("span", {}, vi)),
    el("div", {}, el("span", { class: "name" }, flow.name_vi), " ", english(flow.name)),
    el("p", { class: "when" }, `${flow.from_vi} → ${names.get(site) ?? flow.to} · ${flow.probe} · ${expect}`,
      flow.since === null ? null : ` · từ ${fullTime(flow.since)}`),
    doubt ? el("p", { class: "when" }, doubt.vi, " ", english(doubt.en)) : null,
    flow.reason === null ? null : el("p", { class: "when" }, `lần đo cuối: ${[why(flow.reason), flow.detail].filter(Boolean).join(": ")}`));
}

function objectiveItem({ name_vi, name, kind, ratio, goal }) {
  const tone = ratio === null ? "unknown" : ratio >= goal ? "up" : "degraded";
  const word = { unknown: "chưa rõ", up: "đạt", degraded: "chưa đạt" }[tone];
  const done = el("i", { class: "done" });
  done.style.width = `${(ratio ?? 0) * 100}%`;
  const mark = el("i", { class: "goal" });
  mark.style.left = `${goal * 100}%`;
  return el("li", { class: "objective", "data-tone": tone },
    el("div", { class: "what" }, el("span", { class: "name" }, name_vi), " ", english(name)),
    el("b", { class: "value" }, share(ratio)),
    el("div", { class: "gauge", "aria-hidden": "true" }, done, mark),
    el("p", { class: "when" }, hidden("kết quả: "), el("span", { class: "mark", "data-tone": tone }, icon(tone), el("span", {}, word)),
      el("span", {}, `mục tiêu ${share(goal)}`)),
    // What passes both ways is known only where the results of all vantages come together.
    kind === "exchange" ? el("p", { class: "when" }, "một chiều, đo từ đây ", english("one way, as measured here")) : null);
}
