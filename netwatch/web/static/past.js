// The last 24 hours of a site as a strip of states with graphs of loss and round trip, and 30 days.

import { ask } from "./ask.js";
import { el, english, svg } from "./dom.js";
import { STATES, fullTime, known, loss, seconds, shortTime, span } from "./words.js";

const PERIOD = 60; // seconds

// Told apart without colours as well: the worse, the higher.
const HEIGHTS = { down: 20, unreachable: 16, degraded: 11, maintenance: 7, unknown: 7, up: 3 };
const HEIGHT = 20;

export async function drawPast(place, id, now) {
  if (place.dataset.at && now - Number(place.dataset.at) < PERIOD) return;
  place.dataset.at = now;
  try {
    const past = await ask(`/history.json?site=${encodeURIComponent(id)}`);
    place.replaceChildren(dayPart(past), monthPart(past));
  } catch (error) {
    console.warn("history.json:", error.message);
    place.replaceChildren(el("p", { class: "when" }, "chưa có lịch sử ", english("no history")));
  }
}

function dayPart({ step, end, states, loss: lost, rtt }) {
  const begin = end - step * states.length;
  return el("figure", { class: "day" },
    el("figcaption", {}, "24 giờ qua ", english("last 24 hours")),
    el("p", { class: "graph" }, el("span", { class: "when" }, "trạng thái"), strip(states, begin, step)),
    graph("độ trễ", rtt, seconds),
    graph("mất gói", lost, loss),
    el("p", { class: "axis" }, el("span", {}, shortTime(begin, begin).slice(0, 5)), el("span", {}, shortTime((begin + end) / 2, (begin + end) / 2).slice(0, 5)), el("span", {}, "bây giờ")));
}

function strip(states, begin, step) {
  const runs = runsOf(states);
  const bars = runs.filter(({ state }) => state !== null).map(({ state, from, to }) =>
    svg("rect", { x: from, width: to - from, y: HEIGHT - HEIGHTS[state], height: HEIGHTS[state], "data-tone": state, class: "bar-state" },
      svg("title", {}, `${STATES[state].vi} ${fullTime(begin + from * step)} – ${fullTime(begin + to * step)}`)));
  return svg("svg", { class: "strip", viewBox: `0 0 ${states.length} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": inWords(runs, step) }, ...bars);
}

function runsOf(states) {
  const runs = [];
  states.forEach((raw, at) => {
    const state = raw === null ? null : known(STATES, raw);
    if (runs.at(-1)?.state === state) runs.at(-1).to = at + 1;
    else runs.push({ state, from: at, to: at + 1 });
  });
  return runs;
}

// The strip for those who listen: how long it was in which state.
function inWords(runs, step) {
  const sums = new Map();
  for (const { state, from, to } of runs) sums.set(state, (sums.get(state) ?? 0) + (to - from) * step);
  const parts = [...sums].map(([state, total]) => `${state === null ? "không ghi" : STATES[state].vi} ${span(total)}`);
  return `24 giờ qua: ${parts.join(", ")}`;
}

function graph(name, values, write) {
  const knownValues = values.filter((value) => value !== null);
  if (!knownValues.length) return el("p", { class: "graph when" }, `${name}: chưa có số liệu`);
  const most = Math.max(...knownValues);
  const y = (value) => (19 - (most ? (18 * value) / most : 0)).toFixed(1);
  return el("p", { class: "graph" },
    el("span", { class: "when" }, `${name}, cao nhất ${write(most)}`),
    svg("svg", { viewBox: `0 0 ${values.length} 20`, preserveAspectRatio: "none", role: "img", "aria-label": `${name}: cao nhất ${write(most)}, mới nhất ${write(knownValues.at(-1))}` },
      ...piecesOf(values).map((piece) => svg("polyline", { class: "curve", points: piece.map(([at, value]) => `${at},${y(value)} ${at + 1},${y(value)}`).join(" ") }))));
}

// A gap in what is known is a gap in the line.
function piecesOf(values) {
  const pieces = [];
  values.forEach((value, at) => {
    if (value === null) return;
    if (at === 0 || values[at - 1] === null) pieces.push([]);
    pieces.at(-1).push([at, value]);
  });
  return pieces;
}

const WORST = ["down", "unreachable", "degraded", "unknown", "maintenance"];

function monthPart({ days }) {
  if (!days) return null;
  return el("figure", { class: "month" },
    el("figcaption", {}, "30 ngày qua ", english("last 30 days")),
    el("ol", { class: "days" }, ...days.map(dayCell)));
}

function dayCell({ date, recorded, seconds: sums }) {
  const worst = WORST.find((state) => sums[state] > 0);
  const told = WORST.filter((state) => sums[state] > 0).map((state) => `${STATES[state].vi} ${span(sums[state])}`);
  const words = told.length ? told.join(", ") : recorded ? "không ghi sự kiện nào" : "chưa ghi nhật ký";
  const cell = el("li", { "data-tone": worst ?? (recorded ? "up" : "unknown"), class: recorded ? null : "blank", title: `${date}: ${words}` },
    el("span", { class: "hidden" }, `${date}: ${words}`));
  cell.style.setProperty("--height", worst ? `${HEIGHTS[worst]}px` : "3px");
  return cell;
}
