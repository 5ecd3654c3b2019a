// Buckets over time: a row a bucket, the brighter the more there is in it.
import { getValueFormat, formattedValueToString } from '@grafana/data';

const NAMES = 70; // pixels
const AXIS = 20;

export function Heatmap({ data, timeRange, width, height, options }) {
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const rows = data.series.map((frame) => ({ name: frame.name, times: frame.fields[0].values, values: frame.fields[1].values, step: frame.fields[0].config.interval }));
  const most = Math.max(...rows.flatMap(({ values }) => values.map((value) => value ?? 0)), 1e-9);
  const format = getValueFormat(options.yAxis?.unit ?? 'short');
  const row = (height - AXIS) / rows.length;
  const at = (time) => NAMES + ((time - from) / (to - from)) * (width - NAMES);
  return (
    <svg width={width} height={height} style={{ fontSize: 11 }}>
      {rows.map(({ name, times, values, step }, number) => {
        const top = height - AXIS - (number + 1) * row;
        const label = name === '+Inf' ? '∞' : formattedValueToString(format(Number(name)));
        return (
          <g key={name}>
            <text x={NAMES - 6} y={top + 4} textAnchor="end" fill="#ccc">{label}</text>
            {[...values].map((value, index) => value > 0 && (
              <rect key={times[index]} x={at(times[index])} y={top} width={Math.max(1, at(times[index] + step) - at(times[index]))} height={row} fill={`hsl(${280 - 220 * Math.sqrt(value / most)} 70% ${20 + 45 * Math.sqrt(value / most)}%)`} />
            ))}
          </g>
        );
      })}
    </svg>
  );
}
