// The incidents that are open now, by what is at fault; asked for beside the state, and less often.

import { ask } from "./ask.js";

const PERIOD = 10_000;

let byCause = new Map();
let asked = -PERIOD;

export const incidentOf = (cause) => byCause.get(cause) ?? null;

export const openNow = () => [...byCause.values()].map(({ id, acknowledged }) => [id, acknowledged]);

// Whether something is different from before.
export async function renewOpen() {
  if (performance.now() - asked < PERIOD) return false;
  asked = performance.now();
  const { open } = await ask("/incidents.json?days=0");
  const before = JSON.stringify(openNow());
  byCause = new Map(open.map((incident) => [incident.cause, incident]));
  return JSON.stringify(openNow()) !== before;
}
