// Never lets old figures pass for current ones: says how old what is shown is.

import { byId, setText } from "./dom.js";
import { fullTime, span } from "./words.js";

const OLD = 10;

let last = null; // when the last answer was new, by both clocks of this machine
let failure = null;

export function noteAnswer(generated, sent) {
  failure = null;
  if (generated === last?.generated) return false;
  const age = Number.isFinite(sent) ? Math.max(0, sent - generated) : 0;
  last = { generated, age, monotonic: performance.now(), wall: Date.now() };
  return true;
}

export function noteFailure(error) {
  failure = error instanceof Error ? error.message : String(error);
  console.error("status.json:", error);
}

// Seconds since the state was known. A machine that slept stops one clock, a set clock the other.
function ageNow() {
  const passed = Math.max(performance.now() - last.monotonic, Date.now() - last.wall);
  return last.age + passed / 1000;
}

// Shows it, and returns whether what is shown is old.
export function drawFreshness() {
  const age = last ? ageNow() : null;
  const old = failure !== null || (age !== null && age > OLD);
  const fresh = old ? "old" : last ? "live" : "loading";
  byId("fresh").dataset.fresh = fresh;
  document.body.classList.toggle("old", old);
  byId("stale").hidden = !old;
  setText(byId("fresh-vi"), { old: "Số liệu cũ, lúc", live: "Trực tiếp", loading: "Đang tải số liệu" }[fresh]);
  setText(byId("fresh-en"), { old: "Old data", live: "Live", loading: "Loading" }[fresh]);
  setText(byId("fresh-time"), last ? fullTime(last.generated) : "");
  setText(byId("printed"), last ? fullTime(last.generated) : "–");
  if (old) sayOld(age);
  return old;
}

function sayOld(age) {
  const time = last ? fullTime(last.generated) : null;
  const vi = failure ? "Không liên lạc được với netwatch." : "netwatch không đưa ra số liệu mới.";
  const en = failure ? "netwatch can't be reached." : "netwatch gives no new data.";
  setText(byId("stale-vi"), time ? `${vi} Số liệu bên dưới là của ${time}, không phải hiện tại.` : `${vi} Chưa có số liệu.`);
  setText(byId("stale-en"), time ? `${en} The figures below are from ${time}, not current.` : `${en} No data yet.`);
  setText(byId("stale-age"), time ? `(cách đây ${span(age)})` : "");
}
