// The keyboard: / finds, j and k go down and up, Enter opens (by itself), Esc goes back.

import { byId } from "./dom.js";
import { go, routeNow } from "./route.js";

const ITEMS = ".problem a.name, details.site > summary, .incident a.name, .map-site";

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return leave();
    if (isWriting(document.activeElement)) return undefined;
    if (event.key === "/") {
      event.preventDefault();
      byId("search").focus();
    } else if (event.key === "j" || event.key === "k") {
      move(event.key === "j" ? 1 : -1);
    }
    return undefined;
  });
}

const isWriting = (element) => element?.matches("input, textarea, select") ?? false;

function move(step) {
  const items = [...document.querySelectorAll(ITEMS)].filter((item) => item.checkVisibility());
  const at = items.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : at + step;
  items[Math.min(Math.max(next, 0), items.length - 1)]?.focus();
}

// Out of the field that is written in, then out of the filters or the story.
function leave() {
  const active = document.activeElement;
  if (isWriting(active) && active !== byId("search")) {
    active.blur();
    return;
  }
  byId("search").value = "";
  active?.blur();
  const view = routeNow()?.view ?? "overview";
  go(view === "incident" ? "#/incidents" : view === "overview" ? "#/" : location.hash.split("?")[0]);
}
