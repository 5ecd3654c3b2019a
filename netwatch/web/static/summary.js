// What stands above and beside the tree: counts and objectives.

import { byId, el, english, hidden, icon, setText } from "./dom.js";
import { BY_SEVERITY, STATES, share } from "./words.js";

export class Counts {
  constructor(onState) {
    this.tiles = new Map();
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

  update({ counts, sites }) {
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
    const words = BY_SEVERITY.filter((state) => counts[state]).map((state) => `${counts[state]} ${STATES[state].vi}`);
    setText(byId("sentence"), `${sites.length} địa điểm: ${words.join(", ")}`);
  }
}

export function drawObjectives({ objectives }) {
  byId("objectives").hidden = objectives.length === 0;
  byId("objective-list").replaceChildren(...objectives.map(objectiveItem));
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
