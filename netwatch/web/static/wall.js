// The wall: 1920 × 1080 without scrolling, for eyes that are four metres away. What is wrong first.

import { faultOf } from "./causes.js";
import { byId, el, icon, setText } from "./dom.js";
import { shortened, withoutCommon } from "./names.js";
import { whenChanged } from "./once.js";
import { headline } from "./verdict.js";
import { BY_SEVERITY, FLOWS, PROBLEMS, STATES, SUBJECTS, fullTime, known, loss, seconds, shortTime, span } from "./words.js";

const CARDS = 5;
const CARD_LETTERS = 19; // of a name on a card
const TILE_LETTERS = 11; // of a name in a tile
const COLUMNS = 4; // of tiles
const ROWS = 12.5; // of tiles that there is room for; a heading takes less than one
const HEADING = 0.7;

export function show(_route, status, verdict) {
  draw(status, verdict);
}

export function draw(status, verdict) {
  if (!byId("wall-head")) build();
  const five = Math.floor(status.generated / 5);
  setText(byId("wall-title"), status.province.name_vi);
  setText(byId("wall-news"), headline(status, verdict));
  byId("wall-head").dataset.tone = verdict.tone;
  setText(byId("wall-time"), shortTime(status.generated, status.generated));
  setText(byId("wall-date"), fullTime(status.generated).slice(9));
  whenChanged("wall-violated", [verdict.violated, five], () => drawViolated(status, verdict));
  whenChanged("wall-cards", [verdict, five], () => drawCards(status, verdict));
  whenChanged("wall-counts", status.counts, () => drawCounts(status));
  whenChanged("wall-tiles", status.sites.map(({ id, state, name_vi: name }) => [id, state, name]), () => drawTiles(status));
  whenChanged("wall-foot", [status.meetings, status.flows.map(({ state }) => state), five], () => drawFoot(status));
}

function build() {
  byId("view-wall").replaceChildren(
    el("header", { id: "wall-head" },
      el("div", {}, el("h2", { id: "wall-title" }), el("p", { id: "wall-news", "aria-live": "polite" })),
      el("p", { class: "wall-clock" }, el("span", {}, "số liệu lúc"), el("b", { id: "wall-time" }), el("span", { id: "wall-date" }))),
    el("section", { id: "wall-cards", "aria-label": "Đang có sự cố" }),
    el("section", { class: "wall-side", "aria-label": "Địa điểm" },
      el("ul", { id: "wall-counts" }), el("div", { id: "wall-tiles" })),
    el("footer", { id: "wall-foot" }),
    el("section", { id: "wall-violated", role: "alert", hidden: true }));
}

function drawViolated(status, verdict) {
  const { sites, generated: now } = status;
  const { violated } = verdict;
  const names = namesOf(sites);
  byId("wall-violated").hidden = violated.length === 0;
  byId("wall-violated").replaceChildren(
    el("h2", {}, icon("degraded"), violated.length === 1 ? "Luồng bị vi phạm" : `${violated.length} luồng bị vi phạm`),
    el("ul", {}, ...violated.slice(0, 4).map((flow) => el("li", {},
      el("b", {}, flow.name_vi),
      el("span", {}, `${flow.from_vi} → ${names.get(flow.to.split("/")[0]) ?? flow.to}`),
      flow.since === null ? null : el("span", {}, `từ ${fullTime(flow.since)}, đã ${span(now - flow.since)}`)))),
    violated.length > 4 ? el("p", {}, `và ${violated.length - 4} luồng nữa`) : "",
    el("footer", {}, el("p", {}, restOf(status, verdict)), el("p", {}, `số liệu lúc ${fullTime(now)}`)));
}

// What is wrong besides; a violation that lasts must not hide it.
function restOf(status, verdict) {
  const rest = { ...verdict, violated: [] };
  return rest.count > verdict.violated.length ? `Ngoài ra: ${headline(status, rest)}` : "";
}

const namesOf = (sites) => new Map(sites.map((site) => [site.id, site.name_vi]));

function drawCards(status, verdict) {
  const cards = cardsOf(status, verdict);
  const shown = cards.slice(0, CARDS);
  const names = shortened(shown.map(({ name }) => name), CARD_LETTERS);
  byId("wall-cards").replaceChildren(
    ...shown.map((each, at) => cardItem(each, names[at], status.generated)),
    cards.length > shown.length ? el("p", { class: "wall-more" }, `và ${cards.length - shown.length} sự cố nữa`) : "",
    cards.length ? "" : quiet(status, verdict));
}

function cardsOf(status, { violated, broken, sites, suspected, longer, meetings }) {
  const { generated: now } = status;
  const names = namesOf(status.sites);
  const of = (isDegraded) => sites.filter(({ site }) => (site.state === "degraded") === isDegraded).map(siteCard);
  return [
    ...[...violated, ...broken].map((flow) => {
      const { tone, icon: shape, vi } = FLOWS[flow.state];
      return { tone, shape, name: flow.name_vi, since: flow.since, parts: [vi, `${flow.from_vi} → ${names.get(flow.to.split("/")[0]) ?? flow.to}`] };
    }),
    ...of(false),
    ...suspected.map(({ kind, id, carrier, sites: count, since }) => (
      { tone: "degraded", shape: "degraded", name: id, since, parts: [`nghi đứt ${SUBJECTS[kind]}`, carrier, `${count} điểm`] })),
    ...of(true),
    ...longerCards(longer, names),
    ...meetings.map(({ title, counts, start }) => {
      const tone = counts.not_ready ? "down" : "degraded";
      const parts = [counts.not_ready && `${counts.not_ready} phòng chưa sẵn sàng`, counts.at_risk && `${counts.at_risk} phòng có rủi ro`, start > now ? `họp sau ${span(start - now)}` : "đang họp"];
      return { tone, shape: tone, name: title, since: null, parts };
    }),
  ];
}

// Routing that has changed is one cause, whomever it concerns.
function longerCards(longer, names) {
  if (!longer.length) return [];
  const since = Math.min(...longer.map((each) => each.since));
  const parts = ["đường đi dài hơn thường ngày", `${longer.length} thiết bị`];
  return [{ tone: "degraded", shape: "degraded", name: names.get(longer[0].site) ?? longer[0].site, since, parts }];
}

function siteCard({ site, fault }) {
  const behind = fault?.behind ? `kéo theo ${fault.behind} địa điểm` : null;
  const figures = site.state === "degraded" ? `mất gói ${loss(site.loss)}, trễ ${seconds(site.rtt)}` : null;
  return { tone: site.state, shape: site.state, name: site.name_vi, since: site.since, parts: [STATES[site.state].vi, behind, fault ? faultOf(fault) : figures] };
}

function cardItem({ tone, shape, since, parts }, name, now) {
  return el("article", { "data-tone": tone }, icon(shape),
    el("h3", {}, name),
    el("p", { class: "wall-since" }, since === null ? "" : span(now - since)),
    el("p", {}, parts.filter(Boolean).join(" · ")));
}

function quiet(status, verdict) {
  const tone = verdict.tone === "up" ? "up" : "unknown";
  return el("div", { class: "wall-quiet", "data-tone": tone }, icon(tone), el("p", {}, tone === "up" ? "Không có sự cố" : headline(status, verdict)));
}

function drawCounts({ counts }) {
  byId("wall-counts").replaceChildren(...BY_SEVERITY.map((state) =>
    el("li", { "data-tone": state, class: counts[state] ? null : "zero" }, icon(state), el("b", {}, String(counts[state] ?? 0)), el("span", {}, STATES[state].vi))));
}

// A tile for each site that heads others or stands at the top; where there is no room, for the bad.
function drawTiles(status) {
  const byParent = grouped(status.sites, ({ parent }) => parent);
  const groups = groupsOf(status).map((sites) => {
    const short = shortened(withoutCommon(sites.map(({ name_vi: name }) => name)), TILE_LETTERS);
    const tiles = sites.map((site, at) => ({ site, name: short[at], ...belowOf(site, byParent) }));
    return { title: titleOf(sites[0], status.tiers), tiles: tiles.sort((a, b) => BY_SEVERITY.indexOf(a.worst) - BY_SEVERITY.indexOf(b.worst)), well: 0, left: 0 };
  });
  sumUp(groups);
  const place = byId("wall-tiles");
  do {
    place.replaceChildren(...groups.map(groupItem));
  } while (place.scrollHeight > place.clientHeight && leaveOneOut(groups));
}

function groupItem({ title, tiles, well, left }) {
  return el("section", {},
    el("h3", {}, title,
      well ? el("span", { "data-tone": "up" }, icon("up"), `${well} thông suốt`) : null,
      left ? el("span", {}, `và ${left} nơi nữa`) : null),
    el("ul", {}, ...tiles.map(tileOf)));
}

function grouped(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(value);
  }
  return groups;
}

const titleOf = ({ tier }, tiers) => tiers.find(({ id }) => id === tier)?.name_vi ?? tier;

function groupsOf({ sites, tiers }) {
  const places = new Map(sites.map((site) => [site.id, site]));
  const heads = sites.filter(({ parent }) => !places.has(parent) || !places.has(places.get(parent).parent));
  const rank = ([{ tier }]) => tiers.find(({ id }) => id === tier)?.rank ?? 99;
  return [...grouped(heads, ({ tier, network }) => JSON.stringify([tier, network])).values()].sort((a, b) => rank(a) - rank(b));
}

// Says of what is well how much it is, group by group from the last one, until the rest has room.
function sumUp(groups) {
  const rows = () => groups.reduce((sum, { tiles }) => sum + HEADING + Math.ceil(tiles.length / COLUMNS), 0);
  for (const group of [...groups].reverse()) {
    if (rows() <= ROWS) return;
    const bad = group.tiles.filter(({ worst }) => worst !== "up");
    group.well = group.tiles.length - bad.length;
    group.tiles = bad;
  }
}

// Of the largest group the least bad; returns whether there was one.
function leaveOneOut(groups) {
  const largest = groups.reduce((a, b) => (b.tiles.length > a.tiles.length ? b : a));
  if (!largest.tiles.length) return false;
  largest.left += 1;
  largest.tiles.pop();
  return true;
}

// The worst state in a site and all below it, and how many of those are in trouble.
function belowOf(site, byParent) {
  const below = [];
  for (const todo = [site.id], seen = new Set(todo); todo.length;) {
    for (const child of byParent.get(todo.pop()) ?? []) {
      if (!seen.has(child.id) && site.parent !== null) todo.push(child.id);
      if (!seen.has(child.id)) below.push(child);
      seen.add(child.id);
    }
    if (site.parent === null) break; // those at the top have tiles of their own below them
  }
  const own = known(STATES, site.state);
  const states = site.parent === null ? [own] : [own, ...below.map(({ state }) => known(STATES, state))];
  const bad = site.parent === null ? 0 : below.filter(({ state }) => PROBLEMS.includes(state)).length;
  return { worst: BY_SEVERITY.find((state) => states.includes(state)), own, bad };
}

function tileOf({ name, site, own, worst, bad }) {
  return el("li", { "data-tone": worst, class: worst === "up" ? "well" : null, title: site.name_vi },
    icon(own === "up" ? worst : own), el("span", {}, name), bad ? el("b", {}, String(bad)) : null);
}

// Before they are looked at nobody knows how ready they are.
function roomsOf({ phase, counts, invited }) {
  return phase === "planned" ? `${invited} phòng` : `${counts.ready ?? 0}/${invited} phòng sẵn sàng`;
}

function drawFoot({ meetings, flows, generated: now }) {
  const next = meetings.find(({ phase }) => phase !== "over");
  const tally = Object.entries(FLOWS).map(([state, { vi, tone, icon: shape }]) => {
    const count = flows.filter((flow) => known(FLOWS, flow.state) === state).length;
    return count ? el("span", { "data-tone": tone }, icon(shape), `${count} ${state === "as_expected" ? "đúng" : vi}`) : null;
  });
  byId("wall-foot").replaceChildren(
    next ? el("p", {}, el("b", {}, next.title), ` ${next.start > now ? `sau ${span(next.start - now)}` : "đang họp"} · ${roomsOf(next)}`) : el("p", {}),
    flows.length ? el("p", {}, el("b", {}, "Trao đổi"), ...tally) : "");
}
