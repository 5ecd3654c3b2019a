// Lines and how full they are, as far as the interfaces at their ends tell.

import { byId, el, english, hidden } from "./dom.js";
import { grafanaLink, linesOf, places } from "./places.js";
import { bitrate, share } from "./words.js";

const SHOWN = 8;
const FULL = 0.8;

export function drawLines({ loads }) {
  const known = Object.entries(loads ?? {})
    .map(([id, load]) => ({ line: places.lines.get(id), load }))
    .filter(({ line }) => line)
    .sort((a, b) => b.load / b.line.capacity - a.load / a.line.capacity);
  byId("lines").hidden = known.length === 0;
  byId("line-list").replaceChildren(...known.slice(0, SHOWN).map(({ line, load }) => lineItem(line, load)));
  const rest = places.lines.size - known.length;
  byId("line-rest").textContent = rest ? `${rest} đường truyền chưa rõ mức sử dụng` : "";
}

// The lines of one site.
export const siteLines = (id, { loads }) =>
  linesOf(id).map((line) => lineItem(line, loads?.[line.id] ?? null));

function lineItem(line, load) {
  const ratio = load === null ? null : load / line.capacity;
  const tone = ratio === null ? "unknown" : ratio >= FULL ? "degraded" : "up";
  const fill = el("i", { class: "done" });
  fill.style.width = `${Math.min(1, ratio ?? 0) * 100}%`;
  const name = line.name_vi ?? line.id;
  const graphs = grafanaLink("netwatch-links", "link", line.id);
  return el("li", { class: "objective line", "data-tone": tone },
    el("div", { class: "what" }, graphs ? el("a", { class: "name", href: graphs }, name) : el("span", { class: "name" }, name)),
    ratio === null ? el("span", { class: "value small" }, "chưa rõ ", english("unknown")) : el("b", { class: "value" }, hidden("đang dùng "), share(ratio)),
    el("div", { class: "gauge", "aria-hidden": "true" }, fill),
    el("p", { class: "when" },
      el("span", {}, [line.carrier, line.contract && `hợp đồng ${line.contract}`].filter(Boolean).join(" · ")),
      el("span", {}, load === null ? bitrate(line.capacity) : `${bitrate(load)} / ${bitrate(line.capacity)}`)));
}
