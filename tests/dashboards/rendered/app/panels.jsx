// The panels: tables, tiles and curves are Grafana's own; timelines, heatmaps and maps are drawn here.
import {
  cacheFieldDisplayNames, getDisplayValueAlignmentFactors, getFieldDisplayValues, identityOverrideProcessor, PanelPlugin,
} from '@grafana/data';
import { BigValue, TimeSeries, useTheme2, VizRepeater } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { option } from '../lib/registries.js';
import { Heatmap } from './heatmap.jsx';
import { Map } from './map.jsx';
import { Timeline } from './timeline.jsx';

const CURVES = [
  'drawStyle', 'lineInterpolation', 'lineWidth', 'fillOpacity', 'gradientMode', 'lineColor', 'lineStyle', 'spanNulls',
  'showPoints', 'pointSize', 'stacking', 'axisPlacement', 'axisLabel', 'axisSoftMin', 'axisSoftMax', 'axisColorMode',
  'axisCenteredZero', 'scaleDistribution', 'hideFrom', 'thresholdsStyle', 'insertNulls', 'transform', 'axisGridShow',
];
const CELLS = [
  'cellOptions', 'align', 'width', 'minWidth', 'inspect', 'filterable', 'hidden', 'hideFrom', 'footer', 'wrapText',
  'wrapHeaderText',
];

function Empty({ data, fieldConfig }) {
  const told = data.state === 'Error' ? `error: ${JSON.stringify(data.errors)}` : fieldConfig.defaults.noValue ?? 'No data';
  const middle = { display: 'flex', alignItems: 'center', justifyContent: 'center', height: '100%' };
  return <div className="empty" style={middle}>{told}</div>;
}

const unlessEmpty = (Drawn) => (props) =>
  props.data.series.some(({ length }) => length) ? <Drawn {...props} /> : <Empty {...props} />;

function Table({ data, width, height, options, timeRange, fieldConfig }) {
  cacheFieldDisplayNames(data.series);
  return (
    <TableNG
      data={data.series[0]} width={width} height={height} sortBy={options.sortBy} cellHeight={options.cellHeight ?? 'sm'}
      noHeader={options.showHeader === false} timeRange={timeRange} fieldConfig={fieldConfig} resizable
      showTypeIcons={false} structureRev={data.structureRev} enableVirtualization
    />
  );
}

function Tiles(props) {
  const { data, width, height, options, fieldConfig, replaceVariables, timeZone, renderCounter } = props;
  const theme = useTheme2();
  const values = () => getFieldDisplayValues({
    fieldConfig, reduceOptions: options.reduceOptions, replaceVariables, theme, data: data.series, sparkline: false, timeZone,
  });
  const tile = ({ value, width, height, count, alignmentFactors }) => (
    <BigValue
      value={value.display} width={width} height={height} count={count} theme={theme} alignmentFactors={alignmentFactors}
      colorMode={options.colorMode} graphMode={options.graphMode} justifyMode={options.justifyMode ?? 'auto'}
      textMode={options.textMode ?? 'auto'} text={options.text} wideLayout={options.wideLayout ?? true}
    />
  );
  return (
    <VizRepeater
      getValues={values} getAlignmentFactors={getDisplayValueAlignmentFactors} width={width} height={height} source={data}
      orientation={options.orientation ?? 'auto'} autoGrid renderCounter={renderCounter} itemSpacing={3} renderValue={tile}
    />
  );
}

function Curves({ data, timeRange, timeZone, width, height, options }) {
  return (
    <TimeSeries
      frames={data.series} structureRev={data.structureRev} timeRange={timeRange} timeZone={timeZone} width={width}
      height={height} legend={options.legend}
    />
  );
}

function plugin(id, Drawn, own = []) {
  const made = new PanelPlugin(Drawn).useFieldConfig({
    useCustomConfig: (builder) =>
      own.forEach((each) => builder.addCustomEditor({ ...option(each, identityOverrideProcessor), id: each, path: each })),
  });
  made.meta = { id, name: id, info: { version: '13.2.3', logos: {} }, skipDataQuery: false };
  return made;
}

export const PLUGINS = {
  table: plugin('table', unlessEmpty(Table), CELLS),
  stat: plugin('stat', Tiles),
  timeseries: plugin('timeseries', unlessEmpty(Curves), CURVES),
  'state-timeline': plugin('state-timeline', unlessEmpty(Timeline), ['fillOpacity', 'lineWidth', 'spanNulls', 'hideFrom']),
  heatmap: plugin('heatmap', unlessEmpty(Heatmap), ['hideFrom', 'scaleDistribution']),
  geomap: plugin('geomap', unlessEmpty(Map), ['hideFrom']),
};
