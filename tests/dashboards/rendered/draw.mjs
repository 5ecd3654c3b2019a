// Draws dashboards in Chromium. Jobs come as JSON on standard input: { built, dashboards, maps, pictures, jobs:
// [{ name, dashboard, prometheus, from, to, width, height, variables, vision }] }; what was found is a line
// of JSON each on standard output. A height of 0 is as much as the dashboard needs.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml' };
const ICONS = 'node_modules/@grafana/ui/dist/public';
const ROOMY = 6000; // pixels
const PATIENCE = 300000; // milliseconds, for a machine that has much else to do

const order = JSON.parse(fs.readFileSync(0, 'utf8'));

function fileOf(address) {
  const { pathname } = new URL(address, 'http://localhost');
  if (pathname === '/') return path.join(order.built, 'index.html');
  if (pathname.startsWith('/dashboards/')) return path.join(order.dashboards, path.basename(pathname));
  if (pathname.startsWith('/public/maps/')) return path.join(order.maps, path.basename(pathname));
  const built = path.join(order.built, path.normalize(pathname));
  const icon = pathname.match(/img\/.*$/);
  return fs.existsSync(built) || !icon ? built : path.join(ICONS, icon[0]);
}

const server = http.createServer((request, response) => {
  const file = fileOf(request.url);
  if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
  fs.createReadStream(file).pipe(response);
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));

async function settled(page) {
  // Every panel has its answer, nothing else is under way, and what came last is drawn.
  await page.waitForFunction(() => globalThis.answered?.(), { timeout: PATIENCE, polling: 100 });
  await page.waitForNetworkIdle({ idleTime: 200, timeout: PATIENCE });
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => new Promise((drawn) => setTimeout(drawn, 200)));
}

async function draw(browser, job) {
  const page = await browser.newPage();
  const said = [];
  page.on('pageerror', (error) => said.push(String(error.stack ?? error).slice(0, 400)));
  await page.setViewport({ width: job.width, height: job.height || 1080 });
  if (job.vision) await page.emulateVisionDeficiency(job.vision);
  const chosen = Object.entries(job.variables ?? {}).map(([name, value]) => [`var-${name}`, value]);
  const asked = new URLSearchParams([...['dashboard', 'prometheus', 'from', 'to'].map((key) => [key, job[key]]), ...chosen]);
  await page.goto(`http://127.0.0.1:${server.address().port}/?${asked}`, { timeout: PATIENCE });
  await settled(page);
  if (!job.height) {
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewport({ width: job.width, height: Math.min(height, ROOMY) });
    await settled(page);
  }
  await page.screenshot({ path: path.join(order.pictures, `${job.name}.png`) });
  const findings = await page.evaluate(() => globalThis.findings());
  const queries = await page.evaluate(() => globalThis.asked());
  await page.close();
  return { name: job.name, findings: [...findings, ...said.map((what) => ({ how: 'fault', what }))], queries };
}

function launched() {
  return puppeteer.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--lang=vi'],
    env: { ...process.env, TZ: 'Asia/Ho_Chi_Minh' },
    protocolTimeout: PATIENCE,
  });
}

// Each draws the next one that waits, in a browser of its own: a page behind another one is not painted.
const waiting = [...order.jobs];
async function work() {
  const browser = await launched();
  try {
    for (let job = waiting.shift(); job; job = waiting.shift()) console.log(JSON.stringify(await draw(browser, job)));
  } finally {
    await browser.close();
  }
}

try {
  await Promise.all([work(), work()]);
} finally {
  server.close();
}
