// One target of a site, with the last result of each of its checks.

import { causeOf } from "./causes.js";
import { el, english, hidden, icon } from "./dom.js";
import { stateMark } from "./problems.js";
import { told } from "./reasons.js";
import { OUTCOMES, STATES, fullTime, known, loss, seconds, shortTime } from "./words.js";

export function targetItem(target, now) {
  const state = known(STATES, target.state);
  return el("li", { class: "target", "data-tone": state },
    stateMark(state),
    el("span", { class: "names" }, el("span", { class: "name" }, target.name_vi ?? target.id), el("small", {}, target.name_vi ? target.id : target.role)),
    el("span", { class: "rtt" }, hidden("độ trễ "), seconds(target.rtt)),
    el("span", { class: "loss" }, hidden("tỷ lệ mất gói "), loss(target.loss)),
    el("span", { class: "since", title: fullTime(target.since) }, hidden("từ "), shortTime(target.since, now)),
    target.cause ? el("span", { class: "reason" }, causeOf(target)) : null,
    el("ul", { class: "probes" }, ...target.probes.map((probe) => probeItem(probe, now))));
}

function probeItem({ probe, outcome, reason, detail: more, duration, at }, now) {
  const { vi, tone } = OUTCOMES[Object.hasOwn(OUTCOMES, outcome) ? outcome : "invalid"];
  const failed = outcome === "failure" || outcome === "invalid" ? told(reason, more) : { vi: "", en: "" };
  const detail = outcome === "success" && duration !== null ? seconds(duration) : failed.vi;
  return el("li", { "data-tone": tone, title: at === null ? "" : `lúc ${fullTime(at)}` },
    icon(tone), el("code", {}, probe), el("span", {}, `${vi}${detail ? ` · ${detail}` : ""}`),
    failed.en ? english(`(${failed.en})`) : null,
    at === null ? null : el("small", {}, shortTime(at, now)));
}
