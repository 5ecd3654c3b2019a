// A page that draws one dashboard: /?dashboard=UID&prometheus=URL&from=ISO&to=ISO
import { createTheme, EventBusSrv, LoadingState, ThemeContext } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import {
  config, setAppEvents, setDataSourceSrv, setEchoSrv, setPluginImportUtils, setRunRequest, setTemplateSrv,
} from '@grafana/runtime';
import * as S from '@grafana/scenes';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router-dom';
import { map, Observable } from 'rxjs';
import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import 'react-grid-layout/css/styles.css';
import '@grafana/react-data-grid/lib/styles.css';
import { frames, Prometheus } from '../lib/prometheus.js';
import { register } from '../lib/registries.js';
import { quoted } from '../lib/variables.js';
import { answered, findings } from './findings.js';
import { PLUGINS } from './panels.jsx';

const wanted = new URLSearchParams(location.search);
const theme = createTheme({ colors: { mode: wanted.get('theme') || 'dark' } });
const prometheus = new Prometheus(wanted.get('prometheus'));
let scene;

const settings = {
  uid: 'netwatch', name: 'netwatch', type: 'prometheus', id: 1, isDefault: true, readOnly: true,
  meta: { id: 'prometheus', name: 'Prometheus', metrics: true, info: { logos: { small: '' } } },
  jsonData: { timeInterval: '15s' },
};
const interpolated = (text, scoped) => S.sceneGraph.interpolate(scene, text, scoped, quoted);
const source = {
  ...settings,
  interval: '15s',
  getRef: () => ({ type: 'prometheus', uid: 'netwatch' }),
  query: (request) =>
    new Observable((subscriber) => {
      const ask = (target) =>
        prometheus.ask(target, interpolated(target.expr, request.scopedVars), request.range, request.intervalMs);
      Promise.all(request.targets.map(ask))
        .then((answers) => subscriber.next({ data: frames(answers), state: LoadingState.Done }))
        .catch((error) => subscriber.next({ data: [], state: LoadingState.Error, error: { message: String(error) } }))
        .finally(() => subscriber.complete());
    }),
  metricFindQuery: async (query, { range, scopedVars }) => {
    const text = interpolated(typeof query === 'string' ? query : query.query, scopedVars);
    return (await prometheus.offers(text, range)).map((each) => ({ text: each }));
  },
};

function prepare() {
  config.theme2 = theme;
  config.bootData = { user: { timezone: 'browser' }, settings: {}, navTree: [] };
  register();
  setDataSourceSrv({
    get: async () => source, getInstanceSettings: () => settings, getList: () => [settings], reload() {},
    registerRuntimeDataSource() {},
  });
  const told = (request) => (answer) => ({
    state: answer.state, series: answer.data, request, timeRange: request.range, error: answer.error,
    errors: answer.error ? [answer.error] : undefined,
  });
  setRunRequest((datasource, request) => datasource.query(request).pipe(map(told(request))));
  setPluginImportUtils({ importPanelPlugin: async (id) => PLUGINS[id], getPanelPluginFromCache: (id) => PLUGINS[id] });
  setAppEvents(new EventBusSrv());
  setTemplateSrv({ getVariables: () => [], replace: (text) => text, containsTemplate: () => false, updateTimeRange() {} });
  setEchoSrv({ addEvent() {}, addBackend() {}, flush() {} });
}

function variable(told) {
  const current = told.current || {};
  const base = { name: told.name, label: told.label, hide: told.hide };
  if (told.type === 'datasource') return new S.DataSourceVariable({ ...base, pluginId: told.query, value: '', text: '' });
  if (told.type === 'constant') return new S.ConstantVariable({ ...base, value: current.value });
  if (told.type !== 'query') throw new Error(`variable type ${told.type}`);
  return new S.QueryVariable({
    ...base, datasource: told.datasource, query: told.query, regex: told.regex, sort: told.sort, refresh: told.refresh,
    isMulti: told.multi, includeAll: told.includeAll, value: wanted.get(`var-${told.name}`) ?? current.value ?? '',
    text: current.text ?? '',
  });
}

function panel(told) {
  const queries = new S.SceneQueryRunner({ datasource: told.datasource, queries: told.targets, minInterval: told.interval });
  return new S.VizPanel({
    key: `panel-${told.id}`, title: told.title, description: told.description, pluginId: told.type,
    options: told.options || {},
    fieldConfig: { defaults: told.fieldConfig?.defaults || {}, overrides: told.fieldConfig?.overrides || [] },
    $data: new S.SceneDataTransformer({ $data: queries, transformations: told.transformations || [] }),
  });
}

function place(told) {
  const { x, y, w: width, h: height } = told.gridPos;
  if (told.type === 'row') return new S.SceneGridRow({ key: `row-${told.id}`, title: told.title, x: 0, y, isCollapsed: false });
  return new S.SceneGridItem({ key: `item-${told.id}`, x, y, width, height, body: panel(told) });
}

async function main() {
  prepare();
  await initPluginTranslations('netwatch');
  const dashboard = await (await fetch(`/dashboards/${wanted.get('dashboard')}.json`)).json();
  scene = new S.EmbeddedScene({
    $timeRange: new S.SceneTimeRange({ from: wanted.get('from'), to: wanted.get('to'), timeZone: 'Asia/Ho_Chi_Minh' }),
    $variables: new S.SceneVariableSet({ variables: dashboard.templating.list.map(variable) }),
    controls: [new S.VariableValueSelectors({}), new S.SceneControlsSpacer(), new S.SceneTimePicker({ isOnCanvas: true })],
    body: new S.SceneGridLayout({ isLazy: false, children: dashboard.panels.map(place) }),
  });
  globalThis.asked = () => prometheus.asked;
  globalThis.answered = () => answered(scene);
  globalThis.findings = () => findings(scene, dashboard);
  createRoot(document.getElementById('root')).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <BrowserRouter>
        <div style={{ padding: 12, background: theme.colors.background.canvas, minHeight: '100vh' }}>
          <h3>{dashboard.title}</h3>
          <scene.Component model={scene} />
        </div>
      </BrowserRouter>
      <PortalContainer />
    </ThemeContext.Provider>,
  );
}

main().catch((error) => { document.body.textContent = `not drawn: ${error.stack}`; });
