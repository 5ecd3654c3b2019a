// Prometheus' HTTP API as a data source: what Grafana makes of its answers, by what is documented of it.
// Tables have a column Time, the labels by alphabet, and "Value", or "Value #ref" if several queries ask.
import { FieldType, rangeUtil } from '@grafana/data';

export const SCRAPED = 15; // seconds; jsonData.timeInterval of provisioning/datasources.yaml
const MAX_POINTS = 11000; // of a series, in Prometheus

export function withTimes(expr, range, step) {
  const seconds = Math.round((range.to.valueOf() - range.from.valueOf()) / 1000);
  const values = {
    __rate_interval: `${Math.max(step + SCRAPED, 4 * SCRAPED)}s`,
    __interval: `${step}s`,
    __range_s: `${seconds}`,
    __range: `${seconds}s`,
  };
  return expr.replace(/\$\{?(__rate_interval|__interval|__range_s|__range)\b\}?/g, (_, name) => values[name]);
}

export class Prometheus {
  constructor(url) {
    this.url = url;
    this.asked = []; // { ref, query, ms, series } of each query
  }

  async get(path, parameters) {
    const body = new URLSearchParams(parameters);
    const answer = await fetch(`${this.url}/api/v1/${path}`, { method: 'POST', body });
    const told = await answer.json();
    if (told.status !== 'success') throw new Error(`${told.error} in ${parameters.query}`);
    return told.data;
  }

  // One query of a panel; its expression has no variables of the dashboard any more.
  async ask(target, expr, range, intervalMs) {
    const least = target.interval ? rangeUtil.intervalToSeconds(target.interval) : SCRAPED;
    const [from, to] = [range.from.valueOf() / 1000, range.to.valueOf() / 1000];
    const step = Math.ceil(Math.max(intervalMs / 1000, least, (to - from) / MAX_POINTS));
    const query = withTimes(expr, range, step);
    const aligned = (at) => `${Math.floor(at / step) * step}`;
    const began = Date.now();
    const data = target.instant
      ? await this.get('query', { query, time: `${to}` })
      : await this.get('query_range', { query, start: aligned(from), end: aligned(to), step: `${step}` });
    const rows = data.resultType === 'scalar' ? [{ metric: {}, value: data.result }] : data.result;
    this.asked.push({ ref: target.refId, query, ms: Date.now() - began, series: rows.length });
    return { target, rows, step, query };
  }

  async seriesAsText(query, to) {
    const data = await this.get('query', { query, time: `${to}` });
    return data.result.map((series) => {
      const { __name__: name, ...rest } = series.metric;
      const labels = Object.keys(rest).sort().map((key) => `${key}="${rest[key]}"`);
      return `${name || ''}{${labels.join(',')}} ${series.value[1]} ${Math.round(series.value[0] * 1000)}`;
    });
  }

  // What a variable offers; only the function that the dashboards use.
  async offers(query, range) {
    const found = query.match(/^query_result\((.*)\)$/s);
    if (!found) throw new Error(`variable query not understood: ${query}`);
    return this.seriesAsText(found[1], range.to.valueOf() / 1000);
  }
}

export function frames(answers) {
  const tables = answers.filter((answer) => answer.target.format === 'table');
  const others = answers.filter((answer) => answer.target.format !== 'table');
  const known = tables.some((answer) => answer.rows.length);
  return [...(known ? tables.map((answer) => table(answer, tables.length > 1)) : []), ...others.flatMap(series)];
}

function table({ target, rows, query }, isOneOfMany) {
  const labels = [...new Set(rows.flatMap((row) => Object.keys(row.metric).sort()))];
  const value = isOneOfMany ? `Value #${target.refId}` : 'Value';
  const column = (name, type, values) => ({ name, type, config: {}, values });
  return {
    refId: target.refId,
    length: rows.length,
    meta: { executedQueryString: query },
    fields: [
      column('Time', FieldType.time, rows.map((row) => row.value[0] * 1000)),
      ...labels.map((label) => column(label, FieldType.string, rows.map((row) => row.metric[label] ?? ''))),
      column(value, FieldType.number, rows.map((row) => number(row.value[1]))),
    ],
  };
}

function series({ target, rows, step, query }) {
  const isHeatmap = target.format === 'heatmap';
  const bound = (row) => number(row.metric.le ?? '0');
  const ordered = isHeatmap ? [...rows].sort((a, b) => bound(a) - bound(b)) : rows;
  const made = ordered.map((row) => {
    const [times, values] = points(row, step);
    const name = legend(target.legendFormat, row.metric);
    const { __name__: metric, ...labels } = row.metric;
    return {
      refId: target.refId,
      name,
      length: times.length,
      meta: { executedQueryString: query, type: 'timeseries-multi' },
      fields: [
        { name: 'Time', type: FieldType.time, config: { interval: step * 1000 }, values: times },
        { name: 'Value', type: FieldType.number, labels, config: { displayNameFromDS: name }, values },
      ],
    };
  });
  // Buckets hold all that is smaller; a heatmap shows each one's own.
  if (isHeatmap) for (let at = made.length - 1; at > 0; at--) {
    const [upper, lower] = [made[at].fields[1], made[at - 1].fields[1].values];
    upper.values = upper.values.map((value, index) => Math.max(0, value - (lower[index] ?? 0)));
  }
  return made;
}

function points(row, step) {
  if (!row.values) return [[row.value[0] * 1000], [finite(row.value[1])]];
  const [times, values] = [[], []];
  let before;
  for (const [at, value] of row.values) {
    if (before !== undefined && at - before > step * 1.5) {
      times.push((before + step) * 1000);
      values.push(null);
    }
    times.push(at * 1000);
    values.push(finite(value));
    before = at;
  }
  return [times, values];
}

const number = (text) => ({ '+Inf': Infinity, '-Inf': -Infinity })[text] ?? parseFloat(text);
const finite = (text) => (Number.isNaN(number(text)) ? null : number(text));

function legend(format, labels) {
  if (!format) return JSON.stringify(labels);
  return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label) => labels[label] ?? '');
}
