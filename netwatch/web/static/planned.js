// Planned work: what is under way and what comes; announced and ended by those who may act.

import { el, english, icon } from "./dom.js";
import { whenChanged } from "./once.js";
import { fullTime, span } from "./words.js";

const STATES = {
  "under-way": { vi: "đang bảo trì", en: "under way" },
  coming: { vi: "sắp bảo trì", en: "coming" },
};

export function plannedPanel(place, { planned_work: works = [], sites, generated }) {
  whenChanged("planned", [works, Math.floor(generated / 60)], () => {
    const names = new Map(sites.map((site) => [site.id, site.name_vi]));
    place.hidden = works.length === 0;
    place.replaceChildren(
      el("h2", { id: "h-planned" }, "Bảo trì ", english("Planned work")),
      el("ul", { class: "list" }, ...works.map((work) => workItem(work, names, generated))));
  });
}

function workItem(work, names, now) {
  const { vi, en } = STATES[work.state] ?? STATES.coming;
  const named = [...work.sites.map((id) => names.get(id) ?? id), ...work.targets, ...work.links];
  const rest = work.count - named.length;
  const when = work.state === "coming" ? `bắt đầu sau ${span(work.begins - now)}` : `còn ${span(work.ends - now)}`;
  return el("li", { class: "problem", "data-tone": "maintenance" },
    el("span", { class: "mark", "data-tone": "maintenance", title: en }, icon("maintenance"), el("span", {}, vi)),
    el("div", {}, el("span", { class: "name" }, work.reason)),
    el("p", { class: "reason" }, named.join(", "), rest > 0 ? ` và ${rest} nơi nữa` : ""),
    el("p", { class: "when" }, `${fullTime(work.begins)} – ${fullTime(work.ends)} · ${when}`, work.author ? ` · ${work.author}` : ""));
}
