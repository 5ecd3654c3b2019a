// The address is the state of the page: which view, and its filters. Going back goes back.
//
//   #/?q=WORDS&state=STATE     overview        #site-ID            overview, with this site open
//   #/incidents?days=7         incidents       #/incident/ID       the story of one
//   #/map?q=WORDS              map             ?wall               the wall, before any hash

export const VIEWS = ["overview", "incidents", "incident", "map"];

export const isWall = new URLSearchParams(location.search).has("wall");

// null: the hash is none of ours, as that of a part of the page.
export function parse(hash) {
  if (hash === "" || hash === "#") return { view: "overview", id: null, site: null, params: new URLSearchParams() };
  const site = /^#site-(.+)$/.exec(hash);
  if (site) return { view: "overview", id: null, site: decoded(site[1]), params: new URLSearchParams() };
  const parts = /^#\/([a-z]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(hash);
  if (!parts) return null;
  const view = VIEWS.includes(parts[1]) ? parts[1] : "overview";
  return { view, id: parts[2] ? decoded(parts[2]) : null, site: null, params: new URLSearchParams(parts[3] ?? "") };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// The hash of a view; filters without a value are left out.
export function hashOf(view, filters = {}) {
  const params = new URLSearchParams(Object.entries(filters).filter(([, value]) => value));
  const path = `#/${view === "overview" ? "" : view}`;
  return String(params) ? `${path}?${params}` : path;
}

export const routeNow = () => parse(location.hash);

// A further place to go back to.
export function go(hash) {
  location.hash = hash;
}

// The same place, told more exactly: while somebody types, or moves a filter.
export function amend(hash) {
  history.replaceState(null, "", location.pathname + location.search + hash);
}
