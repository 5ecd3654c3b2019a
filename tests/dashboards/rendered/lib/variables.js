// Variables of a dashboard, as Grafana puts them into a query.

// What a variable offers, as its regular expression reads the series.
export function choices(texts, regex) {
  if (!regex) return texts.map((text) => ({ text, value: text }));
  const pattern = new RegExp(regex.slice(1, regex.lastIndexOf('/')));
  const found = texts.map((text) => text.match(pattern)).filter(Boolean);
  return found.map(({ groups }) => ({ text: groups.text ?? groups.value, value: groups.value ?? groups.text }));
}

// One value within a selector: not a regular expression, but within quotes.
export const quoted = (value) => String(value).replace(/\\/g, '\\\\').replace(/"/g, '\\"');

// The query with the values of the variables; those of time stay, and so does $1 of label_replace.
export function interpolated(expr, values) {
  return expr.replace(/\$(?:\{(\w+)(?::\w+)?\}|([A-Za-z_]\w*))/g, (whole, braced, plain) => {
    const name = braced ?? plain;
    return name in values ? quoted(values[name]) : whole;
  });
}

// The first choice of each variable, or what is asked for; each may depend on those before it.
export async function chosen(dashboard, prometheus, range, wanted) {
  const values = {};
  for (const variable of dashboard.templating.list) {
    if (variable.type === 'query') {
      const query = interpolated(variable.query.query, values);
      const offered = choices(await prometheus.offers(query, range), variable.regex);
      values[variable.name] = wanted[variable.name] ?? offered[0]?.value ?? '';
    } else {
      values[variable.name] = variable.current?.value ?? '';
    }
  }
  return values;
}
