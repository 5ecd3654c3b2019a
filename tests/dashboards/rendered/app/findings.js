// What goes wrong on the page that is drawn: in the data of each panel, and in what a person sees of it.
import { checked, ids } from '../lib/checks.js';

const SCREEN = 1080; // pixels of a screen's height
const TEXTS = '[role=gridcell], [role=columnheader], h2, .empty, [data-testid*="Bigvalue"] div, [data-testid*="Bigvalue"] span';

const panelsOf = (scene) => scene.state.body.state.children.map((item) => item.state.body).filter((body) => body?.state.pluginId);

// Whether every panel has its answer.
export function answered(scene) {
  return panelsOf(scene).every((panel) => ['Done', 'Error'].includes(panel.state.$data.state.data?.state));
}

export function findings(scene, dashboard) {
  const variables = new Set(dashboard.templating.list.map(({ name }) => name));
  const panels = panelsOf(scene);
  const ofPanels = panels.flatMap((drawn) => {
    const id = Number(drawn.state.key.replace('panel-', ''));
    const panel = dashboard.panels.find((each) => each.id === id);
    const data = drawn.state.$data.state.data;
    if (!data) return [{ panel: id, title: panel.title, how: 'fault', what: 'no answer at all' }];
    const raw = drawn.state.$data.state.$data.state.data;
    const withData = new Set((raw?.series ?? []).filter(({ length }) => length).map(({ refId }) => refId));
    const frames = drawn.applyFieldConfig(data).series;
    return checked({ panel, frames, answered: withData, error: data.errors ?? data.error, variables });
  });
  return [...ids(dashboard), ...ofPanels, ...clipped(), { how: 'screen', what: firstScreen() }];
}

function clipped() {
  const found = new Map();
  for (const element of document.querySelectorAll(TEXTS)) {
    const within = [element, ...element.querySelectorAll('*')];
    const cut = within.find((each) => isCut(each));
    const panel = element.closest('section')?.getAttribute('data-testid')?.replace(/^.*Panel header /, '') ?? '';
    const text = element.textContent.slice(0, 140);
    if (cut && text) found.set(`${panel} ${text}`, { title: panel, how: 'clipped', what: text });
  }
  return [...found.values()];
}

function isCut(element) {
  if (!element.clientWidth || !element.textContent) return false;
  const { overflowX } = getComputedStyle(element);
  return overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
}

// All text that stands on the first screen.
function firstScreen() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const box = node.parentElement.getBoundingClientRect();
    const isSeen = box.width > 0 && box.bottom > 0 && box.bottom <= SCREEN;
    if (isSeen && !['SCRIPT', 'STYLE'].includes(node.parentElement.tagName)) texts.push(node.textContent);
  }
  return texts.join(' | ');
}
