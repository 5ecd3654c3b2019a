// States over time: a bar a series, with the word of its state where there is room.
import { dateTimeFormat, getFieldDisplayName } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';

const LETTER = 7; // pixels
const LEGEND = 30;
const AXIS = 20;

function spells(frame, end) {
  const [time, field] = frame.fields;
  const found = [];
  let from = 0;
  for (let at = 1; at <= frame.length; at++) {
    if (at < frame.length && field.values[at] === field.values[from]) continue;
    const until = at < frame.length ? time.values[at] : Math.min(end, time.values[at - 1] + time.config.interval);
    if (field.values[from] != null) found.push({ from: time.values[from], until, shown: field.display(field.values[from]) });
    from = at;
  }
  return found;
}

export function Timeline({ data, timeRange, timeZone, width, height }) {
  const theme = useTheme2();
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const rows = data.series.map((frame) => ({ name: getFieldDisplayName(frame.fields[1], frame, data.series), spells: spells(frame, to) }));
  const names = Math.min(260, 8 + LETTER * Math.max(...rows.map(({ name }) => name.length)));
  const row = (height - LEGEND - AXIS) / rows.length;
  const at = (time) => names + ((time - from) / (to - from)) * (width - names);
  const legend = new Map(rows.flatMap((each) => each.spells.map(({ shown }) => [shown.text, shown.color])));
  const line = { overflow: 'hidden', whiteSpace: 'nowrap', position: 'absolute' };
  return (
    <div style={{ height, position: 'relative', fontSize: 12 }}>
      {rows.map((each, number) => (
        <div key={each.name} style={{ position: 'absolute', top: number * row, height: row, left: 0, right: 0 }}>
          <div style={{ ...line, width: names - 8, textAlign: 'right', lineHeight: `${row}px` }}>{each.name}</div>
          {each.spells.map(({ from: begin, until, shown }) => (
            <div key={begin} style={{
              ...line, left: at(begin), width: at(until) - at(begin), top: row * 0.1, height: row * 0.8, paddingLeft: 2,
              background: shown.color, color: theme.colors.getContrastText(shown.color), lineHeight: `${row * 0.8}px`,
            }}>{at(until) - at(begin) > shown.text.length * LETTER ? shown.text : ''}</div>
          ))}
        </div>
      ))}
      <div style={{ position: 'absolute', bottom: LEGEND, left: names, right: 0, display: 'flex', justifyContent: 'space-between' }}>
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <span key={part}>{dateTimeFormat(from + part * (to - from), { timeZone, format: 'HH:mm' })}</span>
        ))}
      </div>
      <div style={{ position: 'absolute', bottom: 4 }}>
        {[...legend].map(([text, colour]) => (
          <span key={text} style={{ marginRight: 16 }}>
            <i style={{ display: 'inline-block', width: 14, height: 8, background: colour, marginRight: 6 }} />{text}
          </span>
        ))}
      </div>
    </div>
  );
}
