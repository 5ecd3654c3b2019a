// The story of one incident: what happened when, what was behind it, what proves it, who is on it.

import { orderForm, renewSession } from "./act.js";
import { ask } from "./ask.js";
import { byId, el, english, icon, setText } from "./dom.js";
import { KINDS, STAGES, timesOf } from "./incidents.js";
import { grafanaLink } from "./places.js";
import { hashOf, routeNow } from "./route.js";
import { dayOf, fullTime, shortTime, span } from "./words.js";

const PERIOD = 5000;

let seen = null; // the story that is drawn, as text
let asked = -Infinity;
let names = new Map(); // of the sites, by id

export async function show(route, status) {
  names = new Map(status.sites.map((site) => [site.id, site.name_vi]));
  asked = -Infinity;
  seen = null;
  byId("view-incident").replaceChildren(el("p", { class: "calm" }, "Đang tải…"));
  const session = await renewSession();
  byId("view-incident").dataset.mayAct = session.may_act;
  await renew(route.id);
}

export async function draw() {
  const route = routeNow();
  if (route?.view === "incident" && seen !== null) await renew(route.id);
}

async function renew(id) {
  if (performance.now() - asked < PERIOD) return;
  asked = performance.now();
  try {
    drawStory(await ask(`/incidents/${encodeURIComponent(id)}.json`));
  } catch (error) {
    if (routeNow()?.id !== id || seen) return;
    const words = error.status === 404 ? ["Không có sự cố này", "No such incident"] : ["Chưa đọc được sự cố này", error.message];
    byId("view-incident").replaceChildren(el("p", { class: "calm", "data-tone": "unknown" }, icon("unknown"),
      el("span", {}, `${words[0]} `, english(words[1]))), el("p", {}, el("a", { href: "#/incidents" }, "Tất cả sự cố")));
  }
}

function drawStory(story) {
  if (routeNow()?.id !== story.id || JSON.stringify(story) === seen) return;
  const isFirst = seen === null || !byId("story-head");
  seen = JSON.stringify(story);
  if (isFirst) build(story);
  byId("story-head").replaceChildren(...headOf(story));
  byId("story-line").replaceChildren(...timelineOf(story.timeline));
  drawBehind(story);
  drawEvidence(story);
  const canTake = story.acknowledged === null && story.state !== "ended";
  const take = byId("story-take");
  if (take) take.hidden = !canTake;
}

// The forms are made once, so that nothing that somebody writes is lost when the story goes on.
function build(story) {
  const view = byId("view-incident");
  const parts = [
    el("p", { class: "back" }, el("a", { href: hashOf("incidents") }, "← Tất cả sự cố ", english("All incidents"))),
    el("section", { class: "panel story", id: "story-head", "aria-labelledby": "h-story" }),
    el("div", { class: "story-columns" },
      el("section", { class: "panel", "aria-labelledby": "h-line" },
        el("h2", { id: "h-line" }, "Diễn biến ", english("Timeline")), el("ol", { class: "timeline", id: "story-line" }), ...formsOf(story)),
      el("div", { class: "beside" },
        el("section", { class: "panel", id: "story-evidence", "aria-labelledby": "h-evidence" }),
        el("section", { class: "panel", id: "story-behind", "aria-labelledby": "h-behind" }))),
  ];
  view.replaceChildren(...parts);
}

function headOf(story) {
  const { vi, tone, icon: shape } = STAGES[story.state] ?? STAGES.open;
  const kind = KINDS[story.kind] ?? { vi: story.kind, en: "" };
  const { acknowledged: by } = story;
  const [what, id] = story.cause.split(/:(.*)/);
  const graphs = what === "link" ? grafanaLink("netwatch-links", "link", id) : story.site ? grafanaLink("netwatch-site", "site", story.site) : null;
  const facts = [
    ["Loại", kind.vi],
    ["Thời gian", timesOf(story, Date.now() / 1000)],
    ["Địa điểm", story.site ? el("a", { href: `#site-${story.site}` }, names.get(story.site) ?? story.site) : null],
    ["Nhà mạng", story.carrier && [story.carrier, story.contract && `hợp đồng ${story.contract}`].filter(Boolean).join(" · ")],
    ["Phụ trách", story.owner],
    ["Ảnh hưởng", story.sites ? `${story.sites} địa điểm` : null],
    ["Chập chờn", story.flaps ? `trở lại ${story.flaps} lần` : null],
    ["Đã nhận", by ? `${by.by}, ${fullTime(by.at)}${by.note ? `: ${by.note}` : ""}` : story.state === "ended" ? null : "chưa ai nhận"],
  ];
  return [
    el("h2", { id: "h-story" }, story.title.vi, " ", english(story.title.en)),
    el("p", { class: "mark", "data-tone": tone }, icon(shape), el("span", {}, vi)),
    el("dl", { class: "facts" }, ...facts.filter(([, value]) => value).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
    el("p", { class: "links" },
      story.runbook ? el("a", { href: story.runbook, rel: "noreferrer" }, "Hướng dẫn xử lý ", english("Runbook")) : null,
      graphs ? el("a", { href: graphs, rel: "noreferrer" }, "Biểu đồ Grafana") : null),
  ];
}

const MARKS = {
  loss: "degraded", named: "degraded", confirmed: "down", paged: "degraded", "site-down": "down",
  "site-back": "up", back: "up", acknowledged: "maintenance", note: "maintenance",
};

function timelineOf(entries) {
  let day = null;
  return entries.map(({ at, what, text, by }) => {
    const isNewDay = dayOf(at) !== day;
    day = dayOf(at);
    const tone = Object.hasOwn(MARKS, what) ? MARKS[what] : "unknown";
    return el("li", { "data-tone": tone, "data-what": what },
      el("time", { title: fullTime(at) }, isNewDay ? el("b", {}, `${day} `) : null, shortTime(at, at)),
      icon(tone),
      el("div", {}, by ? el("b", {}, what === "acknowledged" ? `${by} đã nhận xử lý` : by, text.vi ? ": " : "") : null, text.vi, " ",
        text.en && text.en !== text.vi ? english(text.en) : null));
  });
}

function drawBehind({ behind, left_out: rest }) {
  byId("story-behind").hidden = behind.length === 0;
  byId("story-behind").replaceChildren(
    el("h2", { id: "h-behind" }, "Bị ảnh hưởng ", english("Behind it")),
    el("ul", { class: "list" }, ...behind.map((site) => el("li", { class: "problem" },
      el("div", {}, el("a", { class: "name", href: `#site-${site.id}` }, site.name_vi ?? site.id)),
      el("span", { class: "when" }, span(site.seconds)),
      el("p", { class: "when" }, `${fullTime(site.from)} – ${site.to === null ? "chưa trở lại" : shortTime(site.to, site.from)}`)))),
    rest ? el("p", { class: "when" }, `và ${rest} địa điểm nữa`) : "");
}

function drawEvidence({ evidence }) {
  byId("story-evidence").hidden = evidence.length === 0;
  byId("story-evidence").replaceChildren(
    el("h2", { id: "h-evidence" }, "Bằng chứng ", english("Evidence")),
    el("ul", { class: "list" }, ...evidence.map(({ vi, en }) => el("li", {}, vi, " ", en === vi ? null : english(en)))));
}

function formsOf(story) {
  if (byId("view-incident").dataset.mayAct !== "true") return [];
  const path = `/incidents/${encodeURIComponent(story.id)}`;
  const renewed = (form) => (answer) => {
    form().reset();
    setText(form().querySelector(".said"), "đã lưu");
    drawStory(answer);
  };
  const take = orderForm({
    label: "Tôi nhận xử lý", en: "Acknowledge", path: `${path}/acknowledge`, fields: [noteField("Ghi chú khi nhận (không bắt buộc)", false)],
    content: ({ note }) => ({ note }), done: renewed(() => take),
  });
  take.id = "story-take";
  const note = orderForm({
    label: "Ghi chú", en: "Add note", path: `${path}/note`, fields: [noteField("Ghi chú", true)],
    content: (values) => ({ note: values.note }), done: renewed(() => note),
  });
  note.id = "story-note";
  return [take, note];
}

const noteField = (label, required) =>
  el("label", {}, el("span", {}, label), el("textarea", { name: "note", rows: "2", maxlength: "2000", required }));
