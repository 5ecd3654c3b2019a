// The data of dashboards without a browser: asked, transformed, overridden, and checked. Jobs as of draw.mjs.
import fs from 'node:fs';
import path from 'node:path';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('', { url: 'http://localhost/' });
for (const name of ['window', 'document', 'HTMLElement', 'Element', 'Node', 'DOMParser', 'localStorage']) {
  globalThis[name] = name === 'window' ? window : window[name];
}
Object.defineProperty(globalThis, 'navigator', { value: window.navigator, configurable: true });

const { applyFieldOverrides, createTheme, dateTime, transformDataFrame } = await import('@grafana/data');
const { checked, ids } = await import('./lib/checks.js');
const { frames, Prometheus } = await import('./lib/prometheus.js');
const { register } = await import('./lib/registries.js');
const { chosen, interpolated } = await import('./lib/variables.js');

const INTERVAL = 15000; // milliseconds between two points
register();
const theme = createTheme();

async function panelFindings(panel, prometheus, range, values) {
  const answers = await Promise.all(
    panel.targets.map((target) => prometheus.ask(target, interpolated(target.expr, values), range, INTERVAL)),
  );
  const answered = new Set(answers.filter(({ rows }) => rows.length).map(({ target }) => target.refId));
  const transformed = transformDataFrame(panel.transformations ?? [], frames(answers));
  const data = await new Promise((resolve, reject) => transformed.subscribe({ next: resolve, error: reject }));
  const fieldConfig = { defaults: panel.fieldConfig.defaults, overrides: panel.fieldConfig.overrides };
  const shown = applyFieldOverrides({ data, fieldConfig, replaceVariables: (text) => text, theme, timeZone: 'Asia/Ho_Chi_Minh' });
  return checked({ panel, frames: shown, answered, variables: new Set(Object.keys(values)) });
}

async function look(job, dashboards) {
  const dashboard = JSON.parse(fs.readFileSync(path.join(dashboards, `${job.dashboard}.json`), 'utf8'));
  const prometheus = new Prometheus(job.prometheus);
  const range = { from: dateTime(job.from), to: dateTime(job.to) };
  const values = await chosen(dashboard, prometheus, range, job.variables ?? {});
  const findings = ids(dashboard);
  for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
    findings.push(...(await panelFindings(panel, prometheus, range, values)));
  }
  return { name: job.name, findings, queries: prometheus.asked };
}

const order = JSON.parse(fs.readFileSync(0, 'utf8'));
for (const job of order.jobs) console.log(JSON.stringify(await look(job, order.dashboards)));
