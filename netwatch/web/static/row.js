// One site of the tree: a line, and inside it its targets, lines, past, and the sites below it.

import { causesOf } from "./causes.js";
import { el, english, hidden, icon, setText } from "./dom.js";
import { siteLines } from "./lines.js";
import { drawPast } from "./past.js";
import { grafanaLink, places, wordsOf } from "./places.js";
import { stateMark } from "./problems.js";
import { hashOf } from "./route.js";
import { targetItem } from "./target.js";
import { BY_SEVERITY, STATES, fullTime, known, loss, plain, seconds, shortTime } from "./words.js";

// What a site is found by, in small letters without marks.
export function haystackOf(site) {
  const told = [site.id, site.name_vi, site.name, causesOf(site), ...site.targets.flatMap((t) => [t.id, t.role, t.name_vi ?? ""])];
  return `${plain(told.join(" "))} ${wordsOf(site.id)}`;
}

// How many sites are in which state, worst first; in words for those who listen.
export function drawChips(place, rows) {
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

export class Row {
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
    this.lines = el("ul", { class: "list lines" });
    this.past = el("div", { class: "past" });
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
      this.summary, el("div", { class: "inside" }, this.targets, this.lines, this.past, this.below));
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
    if (open) this.drawInside();
  }

  matches(words, state) {
    return (!state || this.state === state) && words.every((word) => this.haystack.includes(word));
  }

  update(site, status) {
    const now = status.generated;
    this.site = site;
    this.status = status;
    this.state = known(STATES, site.state);
    const day = shortTime(site.since, now);
    const seen = JSON.stringify([site, day, places.revision]);
    if (seen === this.seen) return;
    this.seen = seen;
    this.haystack = haystackOf(site);
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
    if (this.element.open) this.drawInside();
  }

  count() {
    if (this.children.length) drawChips(this.chips, this.children);
  }

  drawInside() {
    const { generated } = this.status;
    const graphs = grafanaLink("netwatch-site", "site", this.id);
    this.targets.replaceChildren(
      ...this.site.targets.map((target) => targetItem(target, generated)),
      el("li", { class: "identity" }, `mã ${this.id}`,
        this.site.since === null ? null : ` · ${STATES[this.state].vi} từ ${fullTime(this.site.since)}`,
        " · ", el("a", { href: hashOf("incidents", { days: "30", site: this.id }) }, "sự cố 30 ngày"),
        graphs ? " · " : null, graphs ? el("a", { href: graphs }, "Grafana") : null),
    );
    this.lines.replaceChildren(...siteLines(this.id, this.status));
    drawPast(this.past, this.id, generated);
  }
}
