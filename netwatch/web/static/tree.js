// The province's sites: sections by tier, and inside a site its targets and the sites below it.

import { byId, el, english, hidden, icon, setText } from "./dom.js";
import { stateMark } from "./summary.js";
import {
  BY_SEVERITY, OUTCOMES, STATES, causeOf, causesOf, fullTime, known, loss, plain, seconds, shortTime, why,
} from "./words.js";

export class Tree {
  constructor() {
    this.rows = new Map();
    this.sections = [];
    this.shape = "";
    this.filter = { words: [], state: null };
  }

  update(status) {
    const shape = JSON.stringify([
      status.tiers, status.networks,
      status.sites.map((s) => [s.id, s.parent, s.tier, s.network, s.name_vi, s.name]),
    ]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(status);
    }
    for (const site of status.sites) this.rows.get(site.id).update(site, status.generated);
    for (const section of this.sections) section.count();
    for (const row of this.rows.values()) row.count();
    this.apply();
  }

  // Sites without a parent and their children head the sections; deeper ones fold inside.
  build(status) {
    const before = this.rows;
    this.rows = new Map(status.sites.map((site) => [site.id, new Row(site)]));
    for (const [id, row] of this.rows) row.wanted = before.get(id)?.wanted ?? false;
    const heads = [];
    for (const site of status.sites) {
      const parent = this.rows.get(site.parent);
      if (parent && this.rows.has(parent.parentId)) parent.adopt(this.rows.get(site.id));
      else heads.push(site);
    }
    this.sections = sectionsOf(status, heads, this.rows);
    const stacks = [el("div", { class: "stack" }), el("div", { class: "stack" })];
    const total = heads.length + 2 * this.sections.length;
    let placed = 0;
    for (const section of this.sections) {
      const size = section.rows.length + 2;
      stacks[placed + size / 2 < total / 2 ? 0 : 1].append(section.element);
      placed += size;
    }
    byId("tree").replaceChildren(...stacks);
  }

  setFilter(text, state) {
    this.filter = { words: plain(text).split(/\s+/).filter(Boolean), state };
    this.apply();
  }

  apply() {
    const { words, state } = this.filter;
    const active = words.length > 0 || state !== null;
    let found = 0;
    const visit = (row) => {
      const inside = row.children.map(visit).some(Boolean);
      const match = (!state || row.state === state) && words.every((word) => row.haystack.includes(word));
      if (match) found += 1;
      row.element.hidden = !(match || inside);
      row.element.classList.toggle("dim", active && !match);
      row.show(active ? inside || row.wanted : row.wanted);
      return match || inside;
    };
    for (const section of this.sections) {
      section.element.hidden = !section.rows.map(visit).some(Boolean);
    }
    byId("clear").hidden = !active;
    setText(byId("found"), active ? (found ? `${found} địa điểm` : "Không tìm thấy địa điểm nào") : "");
  }

  reveal(id) {
    for (let row = this.rows.get(id); row; row = row.above) row.wanted = true;
    const row = this.rows.get(id);
    if (!row) return;
    this.apply();
    row.summary.focus({ preventScroll: true });
    row.element.scrollIntoView({ block: "center" });
  }
}

function sectionsOf(status, heads, rows) {
  const tiers = new Map(status.tiers.map((tier) => [tier.id, tier]));
  const networks = new Map(status.networks.map((network) => [network.id, network]));
  const groups = new Map();
  for (const site of heads) {
    const key = JSON.stringify([site.tier, site.network]);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(site);
  }
  const main = heads[0]?.network;
  const order = [...groups.values()].sort(
    ([a], [b]) =>
      Number(a.network !== main) - Number(b.network !== main) ||
      (tiers.get(a.tier)?.rank ?? 99) - (tiers.get(b.tier)?.rank ?? 99),
  );
  const sameTier = (tier) => order.filter(([site]) => site.tier === tier).length > 1;
  return order.map((sites) => {
    const [{ tier, network }] = sites;
    const { name_vi = tier, name = "" } = tiers.get(tier) ?? {};
    const suffix = sameTier(tier) ? ` · ${networks.get(network)?.name_vi ?? network}` : "";
    return new Section(name_vi + suffix, name, sites.map((site) => rows.get(site.id)));
  });
}

class Section {
  constructor(name_vi, name, rows) {
    this.rows = rows;
    this.tally = el("span", { class: "chips" });
    this.element = el("section", { class: "tier" },
      el("h3", {}, el("span", {}, name_vi), english(name), this.tally),
      el("div", { class: "heads", "aria-hidden": "true" },
        el("span", { class: "h-word" }, "Trạng thái"), el("span", { class: "h-rtt" }, "Độ trễ"),
        el("span", { class: "h-loss" }, "Mất gói"), el("span", { class: "h-since" }, "Từ lúc")),
      ...rows.map((row) => row.element));
  }

  count() {
    drawChips(this.tally, this.rows);
  }
}

// How many sites are in which state, worst first; in words for those who listen.
function drawChips(place, rows) {
  const counts = new Map();
  for (const row of rows) counts.set(row.state, (counts.get(row.state) ?? 0) + 1);
  const text = JSON.stringify([...counts]);
  if (place.dataset.counts === text) return;
  place.dataset.counts = text;
  place.replaceChildren(
    ...BY_SEVERITY.filter((state) => counts.has(state)).map((state) =>
      el("span", { class: "chip", "data-tone": state, title: STATES[state].vi },
        icon(state), String(counts.get(state)), hidden(` ${STATES[state].vi}, `))),
  );
}

class Row {
  constructor({ id, parent, name_vi, name }) {
    this.id = id;
    this.parentId = parent;
    this.above = null;
    this.children = [];
    this.wanted = false;
    this.haystack = "";
    this.seen = "";
    this.mark = el("span", { class: "mark" });
    this.rtt = el("span");
    this.loss = el("span");
    this.since = el("span");
    this.reason = el("span", { class: "reason" });
    this.chips = el("span", { class: "chips" });
    this.targets = el("ul", { class: "targets" });
    this.below = el("div", { class: "below" });
    this.summary = el("summary", {},
      this.mark,
      el("span", { class: "names" }, el("span", { class: "name" }, name_vi), name === name_vi ? null : english(name)),
      this.chips,
      el("span", { class: "rtt" }, hidden("độ trễ "), this.rtt),
      el("span", { class: "loss" }, hidden("tỷ lệ mất gói "), this.loss),
      el("span", { class: "since" }, hidden("từ "), this.since),
      this.reason);
    this.element = el("details", { class: "site", id: `site-${id}` },
      this.summary, el("div", { class: "inside" }, this.targets, this.below));
    // Not "toggle": that event also comes when the filter opens a site.
    this.summary.addEventListener("click", (event) => {
      event.preventDefault();
      this.wanted = !this.element.open;
      this.show(this.wanted);
    });
  }

  adopt(row) {
    row.above = this;
    this.children.push(row);
    this.below.append(row.element);
  }

  show(open) {
    if (this.element.open === open) return;
    this.element.open = open;
    if (open) this.drawTargets();
  }

  update(site, now) {
    this.site = site;
    this.now = now;
    this.state = known(STATES, site.state);
    const day = shortTime(site.since, now);
    const seen = JSON.stringify([site, day]);
    if (seen === this.seen) return;
    this.seen = seen;
    this.haystack = plain([
      site.id, site.name_vi, site.name, causesOf(site),
      ...site.targets.flatMap((t) => [t.id, t.role, t.name_vi ?? ""]),
    ].join(" "));
    this.element.dataset.tone = this.state;
    const mark = stateMark(this.state);
    this.mark.dataset.tone = this.state;
    this.mark.replaceChildren(...mark.childNodes);
    setText(this.rtt, seconds(site.rtt));
    setText(this.loss, loss(site.loss));
    this.loss.parentElement.classList.toggle("some", site.loss > 0);
    setText(this.since, day);
    this.since.title = fullTime(site.since);
    setText(this.reason, causesOf(site));
    if (this.element.open) this.drawTargets();
  }

  count() {
    if (this.children.length) drawChips(this.chips, this.children);
  }

  drawTargets() {
    this.targets.replaceChildren(
      ...this.site.targets.map((target) => targetItem(target, this.now)),
      el("li", { class: "identity" }, `mã ${this.id}`,
        this.site.since === null ? null : ` · ${STATES[this.state].vi} từ ${fullTime(this.site.since)}`),
    );
  }
}

function targetItem(target, now) {
  const state = known(STATES, target.state);
  return el("li", { class: "target", "data-tone": state },
    stateMark(state),
    el("span", { class: "names" }, el("span", { class: "name" }, target.name_vi ?? target.id), el("small", {}, target.name_vi ? target.id : target.role)),
    el("span", { class: "rtt" }, hidden("độ trễ "), seconds(target.rtt)),
    el("span", { class: "loss" }, hidden("tỷ lệ mất gói "), loss(target.loss)),
    el("span", { class: "since", title: fullTime(target.since) }, hidden("từ "), shortTime(target.since, now)),
    target.cause ? el("span", { class: "reason" }, causeOf(target)) : null,
    el("ul", { class: "probes" }, ...target.probes.map((probe) => probeItem(probe, now))));
}

function probeItem({ probe, outcome, reason, detail: more, duration, at }, now) {
  const { vi, tone } = OUTCOMES[Object.hasOwn(OUTCOMES, outcome) ? outcome : "invalid"];
  const detail = outcome === "success" ? seconds(duration) : [why(reason), more].filter(Boolean).join(": ");
  return el("li", { "data-tone": tone, title: at === null ? "" : `lúc ${fullTime(at)}` },
    icon(tone), el("code", {}, probe), el("span", {}, `${vi}${detail && detail !== "–" ? ` · ${detail}` : ""}`),
    at === null ? null : el("small", {}, shortTime(at, now)));
}
