// Asks for the state every few seconds, and shows it in the view that the address names.

import { askDated } from "./ask.js";
import { byId, setText } from "./dom.js";
import { drawFreshness, noteAnswer, noteFailure } from "./fresh.js";
import { listenToKeys } from "./keys.js";
import * as overview from "./overview.js";
import { renewOpen } from "./open.js";
import { places, renewPlaces } from "./places.js";
import { VIEWS, isWall, routeNow } from "./route.js";
import { headline, verdictOf } from "./verdict.js";
import { useZone } from "./words.js";

const PERIOD = 3000;

// Views that are loaded when somebody goes there.
const FURTHER = {
  incidents: () => import("./incidents.js"),
  incident: () => import("./story.js"),
  map: () => import("./map.js"),
  wall: () => import("./wall.js"),
};

let last = null; // the last status, and what is wrong in it
let shown = { draw: () => {} };
let polling = false;
let isRenewing = false;

async function poll() {
  if (polling || document.hidden) return;
  polling = true;
  try {
    const { answer, sent } = await askDated("/status.json");
    const isNew = noteAnswer(answer.generated, sent);
    if (isNew) show(answer);
    renewBeside(answer);
  } catch (error) {
    noteFailure(error);
  } finally {
    polling = false;
    tick();
  }
}

// What stands beside the state never keeps the state from being shown.
async function renewBeside(status) {
  if (isRenewing) return;
  isRenewing = true;
  const done = await Promise.allSettled([renewPlaces(status.inventory), renewOpen()]);
  isRenewing = false;
  for (const { reason } of done.filter((each) => each.status === "rejected")) console.warn("beside status.json:", reason.message);
  if (done.some(({ value }) => value === true)) show(last.status);
}

function show(status) {
  const isFirst = last === null;
  useZone(status.province.timezone);
  if (status.province.timezone !== "Asia/Ho_Chi_Minh") setText(byId("zone"), `Giờ ${status.province.timezone}`);
  last = { status, verdict: verdictOf(status) };
  const { province, vantage, vantage_ok: seeing } = status;
  byId("main").hidden = false;
  setText(byId("title"), `Giám sát mạng ${province.name_vi}`);
  setText(byId("subtitle"), `Network monitor · ${province.name}`);
  setText(byId("vantage"), `điểm đo ${vantage}`);
  byId("blind").hidden = seeing !== false;
  byId("grafana").hidden = !places.grafana;
  if (places.grafana) byId("grafana-link").href = `${places.grafana.replace(/\/$/, "")}/d/netwatch-province`;
  sayOpen(status.web_lacks ?? []);
  if (isFirst) turn();
  else shown.draw(status, last.verdict);
}

function sayOpen(lacks) {
  byId("open").hidden = lacks.length === 0;
  setText(byId("open-vi"), lacks.map((what) => ({ tls: "TLS", login: "đăng nhập" })[what]).join(" và "));
  setText(byId("open-en"), lacks.map((what) => ({ tls: "TLS", login: "a login" })[what]).join(" and "));
}

function tick() {
  const old = drawFreshness();
  const { status, verdict } = last ?? {};
  const news = old ? "Số liệu cũ" : status && headline(status, verdict);
  document.title = status ? `${news} · Mạng ${status.province.name_vi}` : "Giám sát mạng";
  const tone = old || !verdict ? "unknown" : verdict.tone;
  const href = `/static/icon${{ up: "", unreachable: "-down" }[tone] ?? `-${tone}`}.svg`;
  if (byId("icon").getAttribute("href") !== href) byId("icon").href = href;
}

// Goes to where the address points.
async function turn() {
  const route = routeNow();
  if (route === null || last === null) return;
  const view = isWall ? "wall" : route.view;
  for (const each of [...VIEWS, "wall"]) byId(`view-${each}`).hidden = each !== view;
  document.body.dataset.view = view;
  for (const link of document.querySelectorAll("nav a[data-view]")) {
    const isHere = link.dataset.view === view || (view === "incident" && link.dataset.view === "incidents");
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const next = view === "overview" ? overview : await FURTHER[view]();
  if (routeNow()?.view !== route.view) return; // somebody went on meanwhile
  shown = next;
  shown.show(route, last.status, last.verdict);
}

document.body.classList.toggle("wall", isWall);
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
listenToKeys();
window.addEventListener("hashchange", turn);
document.addEventListener("visibilitychange", () => {
  tick();
  poll();
});
setInterval(poll, PERIOD);
setInterval(tick, 1000);
poll();
