// Of something that is wrong now: who has taken it on, and where its story is.

import { el, english, icon } from "./dom.js";
import { incidentOf } from "./open.js";

export function storyLine(cause) {
  const incident = cause ? incidentOf(cause) : null;
  if (!incident) return null;
  const { acknowledged: by } = incident;
  return el("p", { class: "when" },
    by ? el("span", { class: "taken", "data-tone": "maintenance" }, icon("maintenance"), el("span", {}, `${by.by} đã nhận`)) : null,
    by ? " · " : null,
    el("a", { href: `#/incident/${encodeURIComponent(incident.id)}` }, "diễn biến ", english("story")));
}
