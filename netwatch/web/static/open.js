// The incidents that are open now, by what is at fault; asked for beside the state, and less often.

import { ask } from "./ask.js";

const PERIOD = 10_000;

let byCause = new Map();
let asked = -PERIOD;

export const incidentOf = (cause) => byCause.get(cause) ?? null;

// Whether something is different from before.
export async function renewOpen() {
  if (performance.now() - asked < PERIOD) return false;
  asked = performance.now();
  const { open } = await ask("/incidents.json?days=1");
  const before = JSON.stringify([...byCause.values()]);
  byCause = new Map(open.map((incident) => [incident.cause, incident]));
  return JSON.stringify([...byCause.values()]) !== before;
}
