// Planned work: what is under way and what comes; announced and ended by those who may act.

import { orderForm, renewSession } from "./act.js";
import { byId, el, english, icon } from "./dom.js";
import { whenChanged } from "./once.js";
import { places } from "./places.js";
import { fullTime, span } from "./words.js";

const STATES = {
  "under-way": { vi: "đang bảo trì", en: "under way" },
  coming: { vi: "sắp bảo trì", en: "coming" },
};

// The prefix of a place, as `netwatch maintenance add` takes it.
const SCOPES = [["", "Một địa điểm"], ["branch:", "Địa điểm và mọi cấp dưới"], ["link:", "Một đường truyền"], ["carrier:", "Một nhà mạng"]];
const LENGTHS = [["30m", "30 phút"], ["1h", "1 giờ"], ["2h", "2 giờ"], ["4h", "4 giờ"], ["8h", "8 giờ"], ["24h", "24 giờ"]];

let mayAct = null; // not known yet

export function drawPlanned(status) {
  const { planned_work: works = [], sites, generated } = status;
  if (mayAct === null) askWhetherMayAct();
  byId("planned").hidden = works.length === 0 && !mayAct;
  whenChanged("planned", [works, mayAct, Math.floor(generated / 60)], () => {
    const names = new Map(sites.map((site) => [site.id, site.name_vi]));
    byId("planned-list").replaceChildren(...works.map((work) => workItem(work, names, generated)));
  });
  if (mayAct) whenChanged("planned-names", [places.revision, sites.map(({ id, name_vi: name }) => [id, name])], () => drawChoices(sites));
}

async function askWhetherMayAct() {
  mayAct = false;
  mayAct = (await renewSession()).may_act;
  if (mayAct) byId("planned-form").replaceChildren(announceForm());
}

function workItem(work, names, now) {
  const { vi, en } = STATES[work.state] ?? STATES.coming;
  const named = [...work.sites.map((id) => names.get(id) ?? id), ...work.targets, ...work.links];
  const rest = work.count - named.length;
  const when = work.state === "coming" ? `bắt đầu sau ${span(work.begins - now)}` : `còn ${span(work.ends - now)}`;
  return el("li", { class: "problem", "data-tone": "maintenance" },
    el("span", { class: "mark", "data-tone": "maintenance", title: en }, icon("maintenance"), el("span", {}, vi)),
    el("div", {}, el("span", { class: "name" }, work.reason)),
    el("p", { class: "reason" }, named.join(", "), rest > 0 ? ` và ${rest} nơi nữa` : ""),
    el("p", { class: "when" }, `${fullTime(work.begins)} – ${fullTime(work.ends)} · ${when}`, work.author ? ` · ${work.author}` : ""),
    mayAct && work.announced ? endForm(work) : null);
}

function endForm({ id, state, reason }) {
  const label = state === "coming" ? "Hủy" : "Kết thúc";
  const form = orderForm({
    label, en: state === "coming" ? "Call off" : "End now", fields: [], path: `/maintenance/${encodeURIComponent(id)}/end`,
    content: () => ({}), done: () => form.replaceChildren(el("p", { class: "said" }, "đã kết thúc")),
  });
  form.setAttribute("aria-label", `${label}: ${reason}`);
  return form;
}

function announceForm() {
  const form = orderForm({
    label: "Thông báo", en: "Announce", path: "/maintenance", content: orderOf,
    fields: [
      field("Phạm vi", el("select", { name: "scope" }, ...options(SCOPES))),
      field("Nơi bảo trì (tên hoặc mã)", el("input", { name: "place", list: "planned-places", required: true, maxlength: "120" })),
      el("datalist", { id: "planned-places" }),
      field("Lý do", el("input", { name: "reason", required: true, maxlength: "200" })),
      field("Bắt đầu (để trống: ngay bây giờ)", el("input", { name: "from", type: "datetime-local" })),
      field("Kéo dài", el("select", { name: "for" }, ...options(LENGTHS, "2h"))),
    ],
    done: () => {
      form.reset();
      form.querySelector(".said").replaceChildren("đã thông báo; hiện trong danh sách sau vài giây ", english("announced"));
    },
  });
  return el("details", { class: "more" }, el("summary", {}, "Thông báo bảo trì ", english("Announce work")), form);
}

const field = (label, input) => el("label", {}, el("span", {}, label), input);
const options = (pairs, chosen) => pairs.map(([value, words]) => el("option", { value, selected: value === chosen }, words));

// Names are known to people, ids to netwatch. Times are those of the province.
function orderOf({ scope, place, reason, from, for: lasts }) {
  const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)T(\d+:\d+)/.exec(from) ?? [];
  return {
    place: scope + (scope === "" || scope === "branch:" ? idOf(place.trim()) : place.trim()),
    reason, from: year ? `${day}/${month}/${year} ${time}` : "", until: "", for: lasts, repeat: "",
  };
}

let ids = new Map(); // of the sites, by what is offered for each

const idOf = (place) => ids.get(place) ?? place;

// A name that two sites have says which of them only with its id.
function drawChoices(sites) {
  const isTwice = (name) => sites.filter(({ name_vi: other }) => other === name).length > 1;
  ids = new Map(sites.map(({ id, name_vi: name }) => [isTwice(name) ? `${name} (${id})` : name, id]));
  const carriers = new Set([...places.lines.values()].map(({ carrier }) => carrier));
  byId("planned-places")?.replaceChildren(
    ...[...ids].map(([offered, id]) => el("option", { value: offered }, id)),
    ...[...places.lines.keys()].map((id) => el("option", { value: id }, "đường truyền")),
    ...[...carriers].map((carrier) => el("option", { value: carrier }, "nhà mạng")));
}
