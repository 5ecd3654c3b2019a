// Asks for the state every few seconds, and never lets old figures pass for current ones.

import { byId, setText } from "./dom.js";
import { Summary } from "./summary.js";
import { Tree } from "./tree.js";
import { PROBLEMS, fullTime, span } from "./words.js";

const PERIOD = 3000;
const PATIENCE = 5000;
const OLD = 10;

const tree = new Tree();
const summary = new Summary(
  (state) => filterBy(state === chosen ? null : state),
  (id) => {
    clearFilter();
    tree.reveal(id);
  },
);
let chosen = null;
let last = null; // the last answer: status, and when it was new by both clocks of this machine
let failure = null;
let polling = false;

function filterBy(state) {
  chosen = state;
  summary.press(state);
  tree.setFilter(byId("search").value, state);
}

function clearFilter() {
  byId("search").value = "";
  filterBy(null);
}

async function ask() {
  const response = await fetch("/status.json", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const status = await response.json();
  // Both times are the server's, so a wrong clock here does no harm.
  const sent = Date.parse(response.headers.get("Date") ?? "") / 1000;
  return { status, age: Number.isFinite(sent) ? Math.max(0, sent - status.generated) : 0 };
}

async function poll() {
  if (polling || document.hidden) return;
  polling = true;
  try {
    const { status, age } = await ask();
    if (status.generated !== last?.status.generated) {
      last = { status, age, monotonic: performance.now(), wall: Date.now() };
      show(status);
    }
    failure = null;
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    console.error("status.json:", error);
  } finally {
    polling = false;
    tick();
  }
}

function show(status) {
  const first = byId("main").hidden;
  const { province, vantage, vantage_ok: seeing } = status;
  byId("main").hidden = false;
  setText(byId("title"), `Giám sát mạng ${province.name_vi}`);
  setText(byId("subtitle"), `Network monitor · ${province.name}`);
  setText(byId("vantage"), `điểm đo ${vantage}`);
  byId("blind").hidden = seeing !== false;
  sayOpen(status.web_lacks ?? []);
  summary.update(status);
  tree.update(status);
  if (first) tree.reveal(location.hash.slice("#site-".length));
}

// Seconds since the state was known. A machine that slept stops one clock, a set clock the other.
function ageNow() {
  const passed = Math.max(performance.now() - last.monotonic, Date.now() - last.wall);
  return last.age + passed / 1000;
}

function sayOpen(lacks) {
  byId("open").hidden = lacks.length === 0;
  setText(byId("open-vi"), lacks.map((what) => ({ tls: "TLS", login: "đăng nhập" })[what]).join(" và "));
  setText(byId("open-en"), lacks.map((what) => ({ tls: "TLS", login: "a login" })[what]).join(" and "));
}

function tick() {
  const age = last ? ageNow() : null;
  const old = failure !== null || (age !== null && age > OLD);
  const fresh = old ? "old" : last ? "live" : "loading";
  byId("fresh").dataset.fresh = fresh;
  document.body.classList.toggle("old", old);
  byId("stale").hidden = !old;
  setText(byId("fresh-vi"), { old: "Số liệu cũ, lúc", live: "Trực tiếp", loading: "Đang tải số liệu" }[fresh]);
  setText(byId("fresh-en"), { old: "Old data", live: "Live", loading: "Loading" }[fresh]);
  setText(byId("fresh-time"), last ? fullTime(last.status.generated) : "");
  if (old) sayOld(age);
  document.title = titleFor(old);
}

function sayOld(age) {
  const time = last ? fullTime(last.status.generated) : null;
  const vi = failure ? "Không liên lạc được với netwatch." : "netwatch không đưa ra số liệu mới.";
  const en = failure ? "netwatch can't be reached." : "netwatch gives no new data.";
  setText(byId("stale-vi"), time ? `${vi} Số liệu bên dưới là của ${time}, không phải hiện tại.` : `${vi} Chưa có số liệu.`);
  setText(byId("stale-en"), time ? `${en} The figures below are from ${time}, not current.` : `${en} No data yet.`);
  setText(byId("stale-age"), time ? `(cách đây ${span(age)})` : "");
}

function titleFor(old) {
  if (!last) return "Giám sát mạng";
  const { province, sites } = last.status;
  const problems = sites.filter(({ state }) => PROBLEMS.includes(state)).length;
  const quiet = sites.some(({ state }) => state === "unknown") ? "Chưa rõ" : "Thông suốt";
  const news = old ? "Số liệu cũ" : problems ? `${problems} địa điểm có sự cố` : quiet;
  return `${news} · Mạng ${province.name_vi}`;
}

byId("search").addEventListener("input", () => filterBy(chosen));
byId("clear").addEventListener("click", () => {
  clearFilter();
  byId("search").focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== byId("search")) {
    event.preventDefault();
    byId("search").focus();
  }
});
document.addEventListener("visibilitychange", () => {
  tick();
  poll();
});
setInterval(poll, PERIOD);
setInterval(tick, 1000);
poll();
