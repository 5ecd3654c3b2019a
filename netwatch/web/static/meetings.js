// Meetings: how long until the next one, and which rooms will fail, the worst first.

import { byId, el, english, icon } from "./dom.js";
import { toldOnly } from "./reasons.js";
import { bitrate, fullTime, known, loss, span } from "./words.js";

const READINESS = {
  unknown: { vi: "chưa rõ", en: "unknown", tone: "unknown", icon: "unknown" },
  not_ready: { vi: "chưa sẵn sàng", en: "not ready", tone: "down", icon: "down" },
  at_risk: { vi: "có rủi ro", en: "at risk", tone: "degraded", icon: "degraded" },
  ready: { vi: "sẵn sàng", en: "ready", tone: "up", icon: "up" },
};

const FINDINGS = {
  unreachable: "không tới được",
  failed: "không đạt",
  "not-ready": "không nhận cuộc gọi",
  "not-registered": "chưa đăng ký tổng đài",
  busy: "đang bận",
  peripheral: "thiết bị kèm theo lỗi",
  "poor-line": "đường truyền kém",
  overload: "đường truyền không đủ dung lượng",
  "wanted-twice": "trùng lịch họp",
  unmeasured: "không đo được",
};

const VERDICTS = {
  held: "đã họp trực tuyến",
  "not-held": "không họp trực tuyến",
  unknown: "chưa rõ có họp trực tuyến hay không",
};

// Between whom meetings are held; a level of the inventory's own stands as it is written there.
const LEVELS = {
  "province-district": "tỉnh – huyện",
  "district-commune": "huyện – xã",
  "province-commune": "tỉnh – xã",
  province: "cấp tỉnh",
  district: "cấp huyện",
  commune: "cấp xã",
  central: "trung ương",
};

const SHOWN = 10;

export function drawMeetings({ meetings, meeting_warnings: warnings, sites, generated }) {
  const names = new Map(sites.map((site) => [site.id, site.name_vi]));
  const list = byId("meeting-list");
  const open = new Set([...list.querySelectorAll("details[open]")].map((each) => each.dataset.key));
  byId("meetings").hidden = meetings.length === 0 && warnings.length === 0;
  list.replaceChildren(
    ...meetings.map((meeting) => meetingItem(meeting, names, generated)),
    ...warnings.map((warning) => el("li", { class: "meeting", "data-tone": "degraded" },
      el("p", { class: "reason" }, "lịch họp có chỗ cần sửa ", english(`(${warning})`)))),
  );
  for (const each of list.querySelectorAll("details")) each.open = open.has(each.dataset.key);
}

function meetingItem(meeting, names, now) {
  const { title, level, start, counts, rooms, unknown, key } = meeting;
  const faulty = rooms.filter(({ readiness }) => readiness !== "ready");
  const worst = rooms.length ? known(READINESS, rooms[0].readiness) : "unknown";
  return el("li", { class: "meeting", "data-tone": READINESS[worst].tone },
    el("div", {}, el("span", { class: "name" }, title), " ", el("small", {}, Object.hasOwn(LEVELS, level) ? LEVELS[level] : level)),
    el("b", { class: "value" }, when(meeting, now)),
    el("p", { class: "when" }, `${fullTime(start)} · ${meeting.invited} phòng `, english("rooms")),
    meeting.unsure ? el("p", { class: "reason" }, "chưa chắc có họp: không đọc được lịch ", english("not sure: its calendar can't be read")) : null,
    rooms.length ? tally(counts) : null,
    verdict(meeting),
    ...lines(meeting),
    unknown.length ? el("p", { class: "reason" }, `không có trong danh mục: ${unknown.join(", ")} `, english("rooms that nobody knows")) : null,
    el("ul", { class: "list rooms" }, ...faulty.slice(0, SHOWN).map((room) => roomItem(room, names))),
    faulty.length > SHOWN
      ? el("details", { class: "more", "data-key": key },
        el("summary", {}, `và ${faulty.length - SHOWN} phòng nữa `, english("more rooms")),
        el("ul", { class: "list rooms" }, ...faulty.slice(SHOWN).map((room) => roomItem(room, names))))
      : null);
}

function when({ phase, start, end }, now) {
  if (phase === "under-way") return `đang họp, còn ${span(end - now)}`;
  return phase === "over" ? "đã họp xong" : `còn ${span(start - now)}`;
}

function tally(counts) {
  return el("p", { class: "readiness" },
    ...["not_ready", "at_risk", "unknown", "ready"].filter((each) => counts[each]).map((each) => {
      const { vi, en, tone, icon: shape } = READINESS[each];
      return el("span", { class: "mark", "data-tone": tone, title: en }, icon(shape), el("span", {}, `${counts[each]} ${vi}`));
    }));
}

function verdict({ phase, verdict: held, preflight, took }) {
  if (phase === "over") return held === null ? null : el("p", { class: "when" }, VERDICTS[held] ?? held);
  if (preflight === null) return null;
  return el("p", { class: "when" }, `đo hết các phòng lúc ${fullTime(preflight)}, mất ${span(took)} `, english("all rooms measured"));
}

function lines({ short, unmeasured }) {
  const found = short.map(({ link, demand, capacity, load }) => {
    const free = load === null ? capacity : Math.max(0, capacity - load);
    const room = `cần ${bitrate(demand)}, còn ${bitrate(free)}`;
    return el("p", { class: "reason" }, `${link}: ${room} `, english("line too small for the calls"));
  });
  if (unmeasured) {
    found.push(el("p", { class: "when" }, `${unmeasured} đường truyền chưa rõ mức sử dụng `, english("lines whose load is not known")));
  }
  return found;
}

const ONE = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });

function roomItem({ site, target, readiness, findings, loss: lost, mos }, names) {
  const { vi, tone, icon: shape } = READINESS[known(READINESS, readiness)];
  const found = findings.map(({ detail }) => toldOnly(detail));
  const told = findings.map(({ what, probe }, at) => {
    const vi = Object.hasOwn(FINDINGS, what) ? FINDINGS[what] : "lý do khác";
    return `${vi} (${[probe, found[at].vi].filter(Boolean).join(": ")})`;
  });
  const raw = found.map(({ en }) => en).filter(Boolean).join("; ");
  const figures = [lost === null ? null : `mất gói ${loss(lost)}`, mos === null ? null : `MOS ${ONE.format(mos)}`];
  return el("li", { class: "problem", "data-tone": tone },
    el("span", { class: "mark", "data-tone": tone }, icon(shape), el("span", {}, vi)),
    el("div", {}, el("a", { class: "name", href: `#site-${site}` }, names.get(site) ?? site), ` ${target}`),
    el("p", { class: "reason" }, `${told.join("; ")} `, raw ? english(`(${raw})`) : null),
    el("p", { class: "when" }, figures.filter(Boolean).join(" · ")));
}
