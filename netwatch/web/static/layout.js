// Where sites and the outline stand on the map: a plain projection, right for a province.

export const WIDTH = 1200;
export const HEIGHT = 800;
const MARGIN = 78;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

// sites: of the status, parents before or after their children; placed: id to {coordinates};
// lines: of the outline, lists of [longitude, latitude].
export function layout(sites, placed, lines) {
  const known = sites
    .map(({ id }) => [id, placed.get(id)?.coordinates])
    .filter(([, coordinates]) => coordinates)
    .map(([id, [latitude, longitude]]) => [id, [longitude, latitude]]);
  const project = projectionOf([...known.map(([, point]) => point), ...lines.flat()]);
  const points = new Map(known.map(([id, point]) => [id, project(point)]));
  const isGuessed = new Set();
  placeOthers(sites, points, isGuessed);
  return { points, isGuessed, outline: lines.map((line) => pathOf(line.map(project))) };
}

// Longitudes are as long as they are at the middle of the province.
function projectionOf(points) {
  if (!points.length) return () => ({ x: WIDTH / 2, y: HEIGHT / 2 });
  const bounds = points.reduce(
    ([west, south, east, north], [x, y]) => [Math.min(west, x), Math.min(south, y), Math.max(east, x), Math.max(north, y)],
    [Infinity, Infinity, -Infinity, -Infinity]);
  const [west, south, east, north] = bounds;
  const narrow = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = Math.min((WIDTH - 2 * MARGIN) / ((east - west) * narrow || 1e-9), (HEIGHT - 2 * MARGIN) / (north - south || 1e-9), 40_000);
  const [left, top] = [(WIDTH - (east - west) * narrow * scale) / 2, (HEIGHT - (north - south) * scale) / 2];
  return ([x, y]) => ({ x: left + (x - west) * narrow * scale, y: top + (north - y) * scale });
}

const pathOf = (points) => `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

// Sites without coordinates stand in a ring around their parent, those of nobody in a row below.
function placeOthers(sites, points, isGuessed) {
  const byId = new Map(sites.map((site) => [site.id, site]));
  const around = new Map();
  const place = (site, above) => {
    if (points.has(site.id)) return;
    const parent = byId.get(site.parent);
    if (parent && !above.has(parent.id)) place(parent, new Set([...above, parent.id]));
    const centre = parent && points.get(parent.id);
    const ring = centre ? parent.id : null;
    const number = around.get(ring) ?? 0;
    around.set(ring, number + 1);
    points.set(site.id, centre ? inRing(centre, number) : { x: Math.min(WIDTH - MARGIN, MARGIN + 110 * number), y: HEIGHT - MARGIN });
    isGuessed.add(site.id);
  };
  for (const site of sites) place(site, new Set([site.id]));
}

// Like the seeds of a sunflower: as near as they can be without standing on one another.
function inRing({ x, y }, number) {
  const far = 13 * Math.sqrt(number + 3);
  return { x: x + far * Math.cos(number * GOLDEN_ANGLE), y: y + far * Math.sin(number * GOLDEN_ANGLE) };
}

// The nearest point in a direction (of unit length): what lies ahead, more than what lies aside.
export function nearestTowards(points, from, [dx, dy]) {
  const origin = points.get(from);
  let best = null;
  for (const [id, { x, y }] of points) {
    const ahead = (x - origin.x) * dx + (y - origin.y) * dy;
    const aside = Math.abs((x - origin.x) * dy) + Math.abs((y - origin.y) * dx);
    if (id === from || ahead <= 0.5) continue;
    const far = ahead + 2 * aside;
    if (!best || far < best.far) best = { id, far };
  }
  return best?.id ?? null;
}

// Of places in this order those whose labels don't stand on one another.
export function withRoom(ids, points, width, height) {
  const placed = [];
  return ids.filter((id) => {
    const { x, y } = points.get(id);
    const isFree = placed.every((other) => Math.abs(other.x - x) > width || Math.abs(other.y - y) > height);
    if (isFree) placed.push({ x, y });
    return isFree;
  });
}
