// Bundles what a browser needs to draw a dashboard (node build.mjs app), or what Node needs to look at its
// data (node build.mjs light), into .built.
import fs from 'node:fs';
import * as esbuild from 'esbuild';

const [which] = process.argv.slice(2);
await { app, light }[which](`.built/${which}`);

// Node can't read Grafana's packages as they are: they mix both kinds of modules.
function light(out) {
  return esbuild.build({
    entryPoints: ['light.mjs'],
    bundle: true,
    outdir: out,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    format: 'esm',
    splitting: true,
    logLevel: 'error',
    external: ['jsdom'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
}

async function app(out) {
  await esbuild.build({
    entryPoints: { app: 'app/main.jsx' },
    bundle: true,
    outdir: out,
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    minify: true,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}', global: 'globalThis' },
    loader: Object.fromEntries(['.svg', '.woff', '.woff2', '.ttf', '.png'].map((ending) => [ending, 'dataurl'])),
    alias: {
      '@grafana/plugin-compat/datasources': './app/datasources.js',
      'react-router-dom-v5-compat': 'react-router-dom',
    },
  });
  fs.writeFileSync(
    `${out}/index.html`,
    '<!doctype html><html lang="vi"><head><meta charset="utf-8"><link rel="stylesheet" href="/app.css"></head>' +
      '<body><div id="root"></div><script>globalThis.__grafana_public_path__ = "/";' +
      'globalThis.grafanaBootData = { settings: {}, user: { timezone: "browser" }, navTree: [] };</script>' +
      '<script type="module" src="/app.js"></script></body></html>\n',
  );
}
