// Sites that are only planned: grey, and in no count.

import { byId, el, english, icon } from "./dom.js";

export function drawPrepared({ planned_sites: sites = [], tiers }) {
  const levels = new Map(tiers.map((tier) => [tier.id, tier.name_vi]));
  byId("prepared").hidden = sites.length === 0;
  byId("prepared-list").replaceChildren(...sites.map((site) => siteItem(site, levels)));
}

function siteItem({ name_vi: name, name: en, tier, begins, targets }, levels) {
  const answering = targets.filter(({ answers }) => answers === true).length;
  return el("li", { class: "problem", "data-tone": "unknown" },
    el("span", { class: "mark", "data-tone": "unknown", title: "planned" }, icon("unknown"), el("span", {}, "đang chuẩn bị")),
    el("div", {}, el("span", { class: "name" }, name), " ", english(en)),
    el("p", { class: "reason" }, levels.get(tier) ?? tier, ` · ${answering}/${targets.length} thiết bị trả lời`),
    el("p", { class: "when" }, begins ? `đưa vào dùng từ ${begins.split("-").reverse().join("/")}` : "chưa định ngày đưa vào dùng"));
}
