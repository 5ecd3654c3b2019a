// What a person would see go wrong in a panel, found in its data after all transformations and overrides.
// Each finding: { panel, title, how, what }. How: fault, empty (a query or panel without data), missing (a
// cell that says "no data"), shown (what a panel shows, for tests that look for a text).
import { getFieldDisplayName, getValueFormats, standardTransformersRegistry } from '@grafana/data';

const MAX_SERIES = 20;
const UNKNOWN = 'chưa rõ';
const WELL = ['thông suốt', 'đúng như mong đợi', 'sẵn sàng /', 'hoạt động', 'bảo trì'];
const NO_DATA = 'không có số liệu';
// Labels whose values are names or ids, which nobody translates.
const NAMES = [
  'name_vi', 'title', 'link', 'site', 'target', 'carrier', 'contract', 'ifName', 'ifAlias', 'probe', 'from', 'to', 'a_site',
  'rank', 'end', 'place',
];
const OPEN = ['role', 'level', 'reason']; // a province may have values that nobody foresaw
const BUILT_IN = /^__/;

// The options of an override by their ids.
const properties = (override) => Object.fromEntries(override.properties.map(({ id, value }) => [id, value]));

export function checked({ panel, frames, answered, error, variables }) {
  const found = [];
  const say = (what, how = 'fault') => found.push({ panel: panel.id, title: panel.title, type: panel.type, how, what });
  const fields = frames.flatMap((frame) => frame.fields.map((field) => [field, frame]));
  const rows = frames.reduce((sum, frame) => sum + frame.length, 0);
  if (error) say(`error: ${JSON.stringify(error).slice(0, 300)}`);
  for (const { refId } of panel.targets) if (!answered.has(refId)) say(`query ${refId} has no data`, 'empty');
  if (!rows) say(panel.fieldConfig.defaults.noValue ?? 'No data', 'blank');
  units(panel, say);
  transformations(panel, say);
  links(panel, fields, rows, variables, say);
  const named = overrides(panel, frames, fields, rows, answered, say);
  if (panel.type === 'table') {
    if (rows) table(panel, frames, fields, named, say);
  } else legends(panel, frames, say);
  return found;
}

function units(panel, say) {
  const known = new Set(getValueFormats().flatMap((group) => group.submenu.map((each) => each.value)));
  const used = [panel.fieldConfig.defaults, ...panel.fieldConfig.overrides.map(properties)].map(({ unit }) => unit);
  for (const unit of used) if (unit && !known.has(unit)) say(`unit ${unit} is unknown`);
}

function transformations(panel, say) {
  for (const { id } of panel.transformations ?? []) {
    if (!standardTransformersRegistry.getIfExists(id)) say(`transformation ${id} is unknown`);
  }
}

function links(panel, fields, rows, variables, say) {
  const all = panel.fieldConfig.overrides.flatMap((override) => properties(override).links ?? []);
  for (const { url } of all) for (const [, name] of url.matchAll(/\$\{([^}:]+)(?::[^}]*)?\}/g)) {
    if (name.startsWith('__data.fields.')) {
      const field = name.slice('__data.fields.'.length);
      if (rows && !fields.some(([each]) => each.name === field)) say(`link needs the column ${field}, which is not there`);
    } else if (!BUILT_IN.test(name) && !variables.has(name)) say(`link names the unknown variable ${name}`);
  }
}

// Overrides hit what they are meant for; returns the fields that have a name of ours.
function overrides(panel, frames, fields, rows, answered, say) {
  const named = new Set();
  for (const override of panel.fieldConfig.overrides) {
    const { options } = override.matcher;
    const hit = fields.filter(([field, frame]) => matches(override.matcher, field, frame)).map(([field]) => field);
    const isOptional = properties(override).noValue !== undefined;
    const isComplete = panel.targets.every(({ refId }) => answered.has(refId));
    if (!hit.length && rows > 1 && isComplete && !isOptional && panel.type !== 'stat') say(`override of ${options} matches nothing`);
    const { displayName, mappings, unit } = properties(override);
    if (displayName) hit.forEach((field) => named.add(field));
    if (mappings && !unit) words(mappings, hit, options, say);
  }
  if (panel.type !== 'table') words(panel.fieldConfig.defaults.mappings ?? [], fields.map(([field]) => field), 'it', say);
  return named;
}

// By the names that fields had before any was given to them, as Grafana does.
function matches({ id, options }, field, frame) {
  if (id === 'byName') return field.name === options || frame.name === options;
  if (id === 'byFrameRefID') return frame.refId === options;
  if (id === 'byRegexp') return new RegExp(options.slice(1, options.lastIndexOf('/'))).test(field.name);
  throw new Error(`matcher ${id} is not known here`);
}

function words(mappings, fields, of, say) {
  const known = new Set(mappings.filter(({ type }) => type === 'value').flatMap(({ options }) => Object.keys(options)));
  if (!known.size) return;
  for (const field of fields) for (const value of new Set(field.values)) {
    const isFigure = typeof value === 'number' && [...known].every((each) => Number(each) < 0);
    if (value == null || value === '' || isFigure || OPEN.includes(field.name) || field.type === 'time') continue;
    if (!known.has(String(value))) say(`value ${JSON.stringify(value)} of ${of} has no word`);
  }
}

function table(panel, frames, fields, named, say) {
  for (const [field, frame] of fields) {
    const name = getFieldDisplayName(field, frame, frames);
    const isCell = panel.transformations.some(({ id }) => id === 'groupingToMatrix');
    if (!named.has(field) && !isCell) say(`column ${name} has no name of ours`);
    if (!isCell && !name.includes(' / ') && name !== '#') say(`column ${name} is not Vietnamese and English`);
    for (let row = 0; row < frame.length; row++) cell(field, name, field.values[row], isCell, say);
    order(panel, field, name, frame, say);
  }
  const texts = fields.map(([field]) => [...field.values].map((value) => shown(field, value)));
  say(texts.flat().join(' | '), 'shown');
}

function cell(field, name, value, isOfMatrix, say) {
  const text = shown(field, value);
  if (text.includes(NO_DATA)) say(`${name}: ${text}`, 'missing');
  if (isOfMatrix || NAMES.includes(field.name) || OPEN.includes(field.name)) return;
  if (/[a-z]{3}/i.test(text) && typeof value === 'string' && !text.includes(' / ')) say(`${name}: "${text}" is not Vietnamese`);
}

// Sorted by a state, what is not known stands above what is well.
function order(panel, field, name, frame, say) {
  const [by] = panel.options.sortBy ?? [];
  if (!by || by.displayName !== name) return;
  const rows = [...field.values].sort((a, b) => (by.desc ? -1 : 1) * (a - b)).map((value) => shown(field, value));
  const first = rows.findIndex((text) => WELL.some((word) => text.startsWith(word)));
  if (first >= 0 && rows.slice(first).some((text) => text.startsWith(UNKNOWN))) say('unknown stands below what is well');
}

function shown(field, value) {
  const { text = '', prefix = '', suffix = '' } = field.display ? field.display(value) : { text: String(value ?? '') };
  return `${prefix}${text}${suffix}`;
}

function legends(panel, frames, say) {
  const names = frames.map((frame) => frame.name).filter((name) => name !== undefined);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length && panel.type !== 'geomap') say(`two series are called ${twice[0]}`);
  for (const name of names) if (/\{\{|^\{|undefined/.test(name)) say(`legend ${name} is not resolved`);
  if (frames.length > MAX_SERIES && panel.type === 'timeseries') say(`${frames.length} series in one panel`);
  say(names.join(' | '), 'shown');
}

export function ids(dashboard) {
  const all = dashboard.panels.map(({ id }) => id);
  return new Set(all).size === all.length ? [] : [{ how: 'fault', what: 'two panels have the same id' }];
}
