// The map of the province, drawn here: no server is asked but our own.

import { ask } from "./ask.js";
import { causesOf } from "./causes.js";
import { byId, el, english, icon, setText, svg } from "./dom.js";
import { HEIGHT, WIDTH, layout, nearestTowards, withRoom } from "./layout.js";
import { siteLines } from "./lines.js";
import { places } from "./places.js";
import { amend, hashOf, routeNow } from "./route.js";
import { haystackOf } from "./row.js";
import { BY_SEVERITY, STATES, fullTime, known, plain } from "./words.js";

const LISTED = 14;
const SIZES = [26, 18, 18, 11]; // by depth below the top
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

let outline = null; // what netwatch says of it
let drawn = null; // where everything stands, and the elements of the sites
let last = null; // the last status, and what is wrong in it
let chosen = null;

export async function show(route, status, verdict) {
  last = { status, verdict };
  if (!byId("map")) build();
  byId("search").value = route.params.get("q") ?? "";
  outline ??= await ask("/outline.json").catch((error) => ({
    lines: [], problem: { vi: "chưa tải được đường ranh", en: error.message },
  }));
  sayProblem(outline.problem);
  draw(last.status, last.verdict);
}

function build() {
  byId("view-map").replaceChildren(
    el("section", { class: "panel map-panel", "aria-labelledby": "h-map" },
      el("h2", { id: "h-map" }, "Bản đồ ", english("Map"), el("span", { class: "chips", id: "map-legend" })),
      el("p", { class: "when", id: "map-problem" }),
      el("div", { class: "map-scroll" },
        svg("svg", { id: "map", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": "Bản đồ các địa điểm; phím mũi tên để đi, Enter để mở" })),
      el("p", { class: "when map-tools" }, "Viền đứt: chưa có tọa độ, đặt quanh cấp trên. Phím mũi tên để đi, Enter để mở. ", english("Dashed: no coordinates, placed around its parent."))),
    el("section", { class: "panel map-side", "aria-labelledby": "h-map-detail" },
      el("h2", { id: "h-map-detail" }, "Chi tiết ", english("Detail")),
      el("div", { id: "map-detail", "aria-live": "polite" }),
      el("ul", { class: "list", id: "map-list" })));
  byId("map").addEventListener("keydown", walk);
  const scroll = byId("map").parentElement; // on a phone it is wider than the screen
  scroll.scrollLeft = (scroll.scrollWidth - scroll.clientWidth) / 2;
}

function sayProblem(problem) {
  byId("map-problem").replaceChildren(...(problem ? [`Không vẽ được đường ranh: ${problem.vi} `, english(problem.en)] : []));
}

export function draw(status, verdict) {
  last = { status, verdict };
  if (!outline || !byId("map")) return;
  const shape = JSON.stringify([places.revision, status.sites.map(({ id, parent }) => [id, parent])]);
  if (drawn?.shape !== shape) drawn = { shape, ...drawShape(status) };
  for (const site of status.sites) drawState(site);
  restack(status.sites);
  drawLegend(status.sites);
  drawList(verdict);
  drawDetail(status);
  applySearch();
}

function drawShape({ sites }) {
  const { points, isGuessed, outline: paths } = layout(sites, places.sites, outline.lines);
  const depths = depthsOf(sites);
  const heads = new Set(sites.map(({ parent }) => parent));
  const links = sites.filter(({ parent }) => points.has(parent)).map(({ id, parent }) => {
    const [from, to] = [points.get(id), points.get(parent)];
    return [id, svg("line", { class: "map-line", x1: from.x, y1: from.y, x2: to.x, y2: to.y })];
  });
  const marks = new Map(sites.map((site) => [site.id, markOf(site, points.get(site.id), depths.get(site.id), isGuessed.has(site.id))]));
  const names = new Map(sites.filter(({ id }) => heads.has(id) && depths.get(id) < 2).map(({ id, name_vi: name }) => [id, name]));
  const labels = svg("g", { "aria-hidden": "true" });
  const layer = svg("g", {}, ...[...marks.values()].map(({ link }) => link));
  byId("map").replaceChildren(
    svg("g", { class: "map-outline" }, ...paths.map((d) => svg("path", { d }))),
    svg("g", { "aria-hidden": "true" }, ...links.map(([, line]) => line)),
    layer,
    labels);
  return { points, marks, layer, labels, names, links: new Map(links) };
}

function depthsOf(sites) {
  const byId = new Map(sites.map((site) => [site.id, site]));
  const depth = (site, left = 8) => (byId.has(site.parent) && left ? 1 + depth(byId.get(site.parent), left - 1) : 0);
  return new Map(sites.map((site) => [site.id, depth(site)]));
}

function markOf({ id }, { x, y }, depth, isGuessed) {
  const size = SIZES[Math.min(depth, SIZES.length - 1)];
  const use = svg("use", { x: x - size / 2, y: y - size / 2, width: size, height: size });
  const ground = svg("circle", { class: isGuessed ? "map-ground guessed" : "map-ground", cx: x, cy: y, r: size / 2 + 2 });
  const title = svg("title");
  const link = svg("a", { class: "map-site", href: `#site-${id}`, tabindex: "-1", "data-id": id }, title, ground, use);
  link.addEventListener("focus", () => choose(id));
  link.addEventListener("pointerenter", () => choose(id));
  return { link, use, title, seen: "" };
}

function drawState(site) {
  const mark = drawn.marks.get(site.id);
  const state = known(STATES, site.state);
  const words = `${site.name_vi}: ${STATES[state].vi}`;
  if (mark.seen === words) return;
  mark.seen = words;
  mark.link.dataset.tone = state;
  mark.use.setAttribute("href", `#i-${state}`);
  mark.link.setAttribute("aria-label", words);
  mark.title.textContent = words;
  const line = drawn.links.get(site.id);
  if (line) line.dataset.tone = state;
}

// What is wrong stands above what is well, and the keyboard begins with the worst.
function restack(sites) {
  const order = sites.map(({ id, state }) => [id, BY_SEVERITY.indexOf(known(STATES, state))]).sort((a, b) => b[1] - a[1]);
  const text = order.map(([id]) => id).join();
  if (drawn.order !== text) {
    drawn.order = text;
    const focused = document.activeElement;
    drawn.layer.append(...order.map(([id]) => drawn.marks.get(id).link));
    if (focused?.matches?.(".map-site")) focused.focus();
    drawLabels(order.map(([id]) => id).reverse());
  }
  if (!chosen || !drawn.marks.has(chosen)) chosen = order.at(-1)?.[0] ?? null;
  for (const [id, { link }] of drawn.marks) link.setAttribute("tabindex", id === chosen ? "0" : "-1");
}

// Names of what heads others, those in trouble first, as far as they have room.
function drawLabels(ids) {
  drawn.labels.replaceChildren(...withRoom(ids.filter((id) => drawn.names.has(id)), drawn.points, 150, 18).map((id) => {
    const { x, y } = drawn.points.get(id);
    return svg("text", { class: "map-label", x, y: y + 24 }, drawn.names.get(id));
  }));
}

function drawLegend(sites) {
  const counts = new Map();
  for (const { state } of sites) counts.set(known(STATES, state), (counts.get(known(STATES, state)) ?? 0) + 1);
  byId("map-legend").replaceChildren(...BY_SEVERITY.filter((state) => counts.has(state)).map((state) =>
    el("span", { class: "chip", "data-tone": state }, icon(state), `${counts.get(state)} ${STATES[state].vi}`)));
}

function drawList({ sites }) {
  byId("map-list").replaceChildren(...sites.slice(0, LISTED).map(({ site, fault }) => {
    const state = known(STATES, site.state);
    return el("li", { class: "problem", "data-tone": state },
      el("span", { class: "mark", "data-tone": state }, icon(state), el("span", {}, STATES[state].vi)),
      el("div", {}, el("a", { class: "name", href: `#site-${site.id}` }, site.name_vi)),
      fault?.behind ? el("p", { class: "behind" }, `kéo theo ${fault.behind} địa điểm`) : null);
  }), sites.length > LISTED ? el("li", { class: "when" }, `và ${sites.length - LISTED} địa điểm nữa`) : "");
}

function choose(id) {
  drawn.marks.get(chosen)?.link.setAttribute("tabindex", "-1");
  chosen = id;
  drawn.marks.get(id).link.setAttribute("tabindex", "0");
  drawDetail(last.status);
}

function drawDetail(status) {
  const site = status.sites.find(({ id }) => id === chosen);
  if (!site) return;
  const state = known(STATES, site.state);
  const parent = status.sites.find(({ id }) => id === site.parent);
  byId("map-detail").dataset.tone = state;
  byId("map-detail").replaceChildren(
    el("p", { class: "map-name" }, el("a", { class: "name", href: `#site-${site.id}` }, site.name_vi)),
    el("p", { class: "mark", "data-tone": state }, icon(state), el("span", {}, STATES[state].vi)),
    parent ? el("p", { class: "when" }, `thuộc ${parent.name_vi}`) : "",
    el("p", { class: "reason" }, causesOf(site)),
    site.since === null ? "" : el("p", { class: "when" }, `từ ${fullTime(site.since)}`),
    el("ul", { class: "lines" }, ...siteLines(site.id, status)));
}

function walk(event) {
  const direction = DIRECTIONS[event.key];
  if (!direction || !chosen) return;
  event.preventDefault();
  const next = nearestTowards(drawn.points, chosen, direction);
  if (next) drawn.marks.get(next).link.focus();
}

// What is searched for stands out.
function applySearch() {
  const words = plain(byId("search").value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const site of last.status.sites) {
    const match = words.every((word) => haystackOf(site).includes(word));
    found += match;
    drawn.marks.get(site.id).link.classList.toggle("dim", !match);
  }
  setText(byId("h-map").firstChild, words.length ? `Bản đồ: ${found} địa điểm ` : "Bản đồ ");
}

byId("search").addEventListener("input", () => {
  if (routeNow()?.view !== "map" || !drawn) return;
  amend(hashOf("map", { q: byId("search").value.trim() }));
  applySearch();
});
