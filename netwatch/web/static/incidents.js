// What happened in the last day, week or month: one entry a cause, newest first.

import { ask } from "./ask.js";
import { byId, el, english, hidden, icon } from "./dom.js";
import { hashOf, routeNow } from "./route.js";
import { fullTime, shortTime, span } from "./words.js";

export const KINDS = {
  violated: { vi: "luồng bị vi phạm", en: "violated flow" },
  broken: { vi: "luồng bị đứt", en: "broken flow" },
  line: { vi: "đường truyền", en: "line" },
  device: { vi: "thiết bị", en: "device" },
  power: { vi: "mất điện", en: "power cut" },
  meeting: { vi: "cuộc họp", en: "meeting" },
  collector: { vi: "bộ giám sát", en: "collector" },
  vantage: { vi: "điểm đo", en: "vantage" },
  unstable: { vi: "đường đi không ổn định", en: "path unstable" },
  longer: { vi: "đường đi dài hơn", en: "longer path" },
  certificate: { vi: "chứng thư số", en: "certificate" },
};

export const STAGES = {
  suspected: { vi: "nghi ngờ", en: "suspected", tone: "degraded", icon: "degraded" },
  open: { vi: "đang xảy ra", en: "open", tone: "down", icon: "down" },
  ended: { vi: "đã hết", en: "ended", tone: "up", icon: "up" },
};

const PERIOD = 10_000;
const SPANS = [[1, "24 giờ"], [7, "7 ngày"], [30, "30 ngày"]];

const DEFAULT_DAYS = "7";

let seen = null; // the last list, and for which filters it was asked
let asked = -Infinity;

export function show(route, status) {
  asked = -Infinity;
  if (!byId("incident-list")) build();
  const days = route.params.get("days") ?? DEFAULT_DAYS;
  for (const link of byId("incident-spans").children) {
    const isHere = link.dataset.days === days;
    if (isHere) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    link.href = hashOf("incidents", { ...Object.fromEntries(route.params), days: link.dataset.days });
  }
  draw(status);
}

export async function draw(status) {
  const route = routeNow();
  if (route?.view !== "incidents" || performance.now() - asked < PERIOD) return;
  asked = performance.now();
  const { params } = route;
  const query = new URLSearchParams({ days: params.get("days") ?? DEFAULT_DAYS });
  for (const name of ["site", "carrier"]) if (params.get(name)) query.set(name, params.get(name));
  try {
    const list = await ask(`/incidents.json?${query}`);
    if (JSON.stringify([list.open, list.ended, String(params)]) === seen) return;
    seen = JSON.stringify([list.open, list.ended, String(params)]);
    drawList(list, params, status);
  } catch (error) {
    seen = null;
    byId("incident-list").replaceChildren(el("li", { class: "calm", "data-tone": "unknown" }, icon("unknown"),
      el("span", {}, "Chưa đọc được danh sách sự cố ", english(`The list can't be read: ${error.message}`))));
  }
}

function build() {
  byId("view-incidents").replaceChildren(
    el("section", { class: "panel", "aria-labelledby": "h-incidents" },
      el("div", { class: "tools" },
        el("h2", { id: "h-incidents" }, "Sự cố đã xảy ra ", english("Incidents")),
        el("div", { class: "spans", id: "incident-spans", role: "group", "aria-label": "Khoảng thời gian" },
          ...SPANS.map(([days, words]) => el("a", { href: `#/incidents?days=${days}`, "data-days": days }, words)))),
      el("p", { class: "filters", id: "incident-filters" }),
      el("ul", { class: "list", id: "incident-list" }),
      el("p", { class: "when", id: "incident-rest" })));
}

function drawList({ open, ended, left_out: rest, time }, params, status) {
  drawFilters(params, status);
  const all = [...open, ...ended];
  byId("incident-list").replaceChildren(...all.map((incident) => incidentItem(incident, time)));
  if (!all.length) {
    byId("incident-list").append(el("li", { class: "calm", "data-tone": "up" }, icon("up"),
      el("span", {}, "Không ghi nhận sự cố nào trong thời gian này ", english("No incident was recorded in this time"))));
  }
  byId("incident-rest").textContent = rest ? `và ${rest} sự cố cũ hơn không liệt kê ở đây` : "";
}

function drawFilters(params, status) {
  const names = new Map(status.sites.map((site) => [site.id, site.name_vi]));
  const parts = [
    params.get("site") && `địa điểm ${names.get(params.get("site")) ?? params.get("site")}`,
    params.get("carrier") && `nhà mạng ${params.get("carrier")}`,
  ].filter(Boolean);
  byId("incident-filters").replaceChildren(...(parts.length
    ? [`Chỉ ${parts.join(", ")} · `, el("a", { href: hashOf("incidents", { days: params.get("days") }) }, "bỏ lọc ", english("clear"))]
    : []));
}

function incidentItem(incident, now) {
  const { vi, en, tone, icon: shape } = STAGES[incident.state] ?? STAGES.open;
  const kind = KINDS[incident.kind] ?? { vi: incident.kind, en: "" };
  const { acknowledged: by } = incident;
  return el("li", { class: "problem incident", "data-tone": tone, "data-severity": incident.severity },
    el("span", { class: "mark", "data-tone": tone, title: en }, icon(shape), el("span", {}, vi)),
    el("div", {}, el("a", { class: "name", href: `#/incident/${encodeURIComponent(incident.id)}` }, incident.title.vi), " ", english(incident.title.en)),
    el("p", { class: "when" },
      el("span", { title: kind.en }, kind.vi), ...lineOf(incident), incident.sites ? ` · ${incident.sites} địa điểm` : "",
      incident.flaps ? ` · trở lại ${incident.flaps} lần` : "", incident.notes ? ` · ${incident.notes} ghi chú` : ""),
    el("p", { class: "when" }, hidden("thời gian: "), timesOf(incident, now), by ? " · " : null,
      by ? el("span", { class: "taken", "data-tone": "maintenance", title: fullTime(by.at) }, icon("maintenance"), el("span", {}, `${by.by} đã nhận`)) : null));
}

function lineOf({ carrier, contract }) {
  if (!carrier) return [];
  return [" · ", el("a", { href: hashOf("incidents", { days: routeNow()?.params.get("days"), carrier }) }, carrier), contract ? ` · hợp đồng ${contract}` : ""];
}

export function timesOf({ began, ended, seconds }, now) {
  const until = ended === null ? "chưa hết" : `đến ${shortTime(ended, began)}`;
  return `${fullTime(began)}, ${until} · kéo dài ${span(ended === null ? now - began : seconds)}`;
}
