// The province's sites: sections by tier, and inside a site its targets and the sites below it.

import { byId, el, english, setText } from "./dom.js";
import { Row, drawChips } from "./row.js";
import { plain } from "./words.js";

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
    for (const site of status.sites) this.rows.get(site.id).update(site, status);
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
      const match = row.matches(words, state);
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

  // Where Enter leads from the search field.
  openFirst() {
    const { words, state } = this.filter;
    const first = [...this.rows.values()].find((row) => row.matches(words, state));
    if (first && words.length) this.reveal(first.id);
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
