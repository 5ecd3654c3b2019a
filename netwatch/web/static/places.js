// What the inventory says of sites and lines. It is asked for again when it has changed.
// renewPlaces says whether it did.

import { ask } from "./ask.js";
import { plain } from "./words.js";

export const places = { revision: null, sites: new Map(), lines: new Map(), grafana: null };

const words = new Map();

export async function renewPlaces(revision) {
  if (revision === undefined || revision === places.revision) return false;
  const { sites, lines, grafana } = await ask("/places.json");
  places.revision = revision;
  places.sites = new Map(sites.map((site) => [site.id, site]));
  places.lines = new Map(lines.map((line) => [line.id, line]));
  places.grafana = grafana;
  words.clear();
  for (const { id, addresses, aliases } of sites) words.set(id, [...addresses, ...aliases]);
  for (const line of lines) {
    const told = [line.id, line.name_vi, line.carrier, line.contract].filter(Boolean);
    for (const site of sitesOf(line)) words.get(site)?.push(...told);
  }
  return true;
}

// Where a line is looked for: at both ends, but an uplink only at the site whose uplink it is.
function sitesOf({ id, a, b }) {
  const [near, far] = [a.split("/")[0], b.split("/")[0]];
  return id === `${near}-uplink` ? [near] : [near, far];
}

// What a site is found by besides its names: addresses, aliases, and its lines.
export const wordsOf = (id) => plain((words.get(id) ?? []).join(" "));

export const linesOf = (id) => [...places.lines.values()].filter((line) => sitesOf(line).includes(id));

// A dashboard in the province's Grafana; null where none is set.
export function grafanaLink(dashboard, variable, value) {
  if (!places.grafana) return null;
  return `${places.grafana.replace(/\/$/, "")}/d/${dashboard}?var-${variable}=${encodeURIComponent(value)}`;
}
