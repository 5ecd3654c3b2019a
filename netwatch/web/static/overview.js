// The overview: counts, what is wrong, meetings, exchange, objectives, lines, and all sites.

import { byId } from "./dom.js";
import { drawFlows } from "./flows.js";
import { drawLines } from "./lines.js";
import { drawMeetings } from "./meetings.js";
import { incidentOf, openNow } from "./open.js";
import { whenChanged } from "./once.js";
import { drawPlanned } from "./planned.js";
import { places } from "./places.js";
import { drawPrepared } from "./prepared.js";
import { drawProblems } from "./problems.js";
import { amend, go, hashOf, routeNow } from "./route.js";
import { Counts, drawObjectives } from "./summary.js";
import { Tree } from "./tree.js";
import { STATES } from "./words.js";

const tree = new Tree();
const counts = new Counts((state) => filter({ state: state === chosen ? "" : state }, go));
let chosen = "";

export function draw(status, verdict) {
  const ten = Math.floor(status.generated / 10);
  counts.update(status);
  whenChanged("problems", [verdict, openNow(), ten], () => drawProblems(status, verdict));
  whenChanged("meetings", [status.meetings, status.meeting_warnings, ten], () => drawMeetings(status));
  whenChanged("flows", [status.flows, status.removed_forbidden, status.flows.map(({ id }) => incidentOf(`flow:${id}`))], () => drawFlows(status));
  drawPlanned(status);
  whenChanged("prepared", [status.planned_sites], () => drawPrepared(status));
  whenChanged("objectives", status.objectives, () => drawObjectives(status));
  whenChanged("lines", [status.loads, places.revision], () => drawLines(status));
  tree.update(status);
}

// Takes the filters from the address.
export function show({ params, site }, status, verdict) {
  draw(status, verdict);
  const state = params.get("state") ?? "";
  chosen = Object.hasOwn(STATES, state) ? state : "";
  counts.press(chosen);
  if (document.activeElement !== byId("search")) byId("search").value = params.get("q") ?? "";
  applyFilter();
  if (site !== null) tree.reveal(site);
}

function applyFilter() {
  const words = byId("search").value;
  tree.setFilter(words, chosen || null);
  document.body.classList.toggle("searching", words.trim() !== "");
}

function filter(change, move) {
  move(hashOf("overview", { q: byId("search").value.trim(), state: chosen, ...change }));
  if (move === amend) applyFilter();
}

byId("search").addEventListener("input", () => {
  const view = routeNow()?.view;
  const isHere = view === "overview" || view === undefined;
  if (view === "map") return;
  filter({}, isHere ? amend : go);
});
byId("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter") tree.openFirst();
});
byId("clear").addEventListener("click", () => {
  byId("search").value = "";
  go("#/");
  byId("search").focus();
});
