// Places by their coordinates on the base layer: circles, and crosses where the second layer has a colour.
import { useEffect, useState } from 'react';

const MARGIN = 0.12; // of the size

export function Map({ data, width, height, options }) {
  const [base, setBase] = useState(null);
  const [outline] = options.layers;
  useEffect(() => { fetch(`/${outline.config.src}`).then((answer) => answer.json()).then(setBase); }, [outline]);
  const [frame] = data.series;
  const of = (name) => frame.fields.find((field) => field.name === name);
  const { latitude, longitude } = options.layers[1].location;
  const [north, east] = [of(latitude), of(longitude)];
  if (!north || !east) return <div className="empty">no coordinates</div>;
  const points = [...north.values].map((lat, row) => ({ lat, lon: east.values[row], row })).filter(({ lat, lon }) => lat != null && lon != null);
  const [lats, lons] = [points.map(({ lat }) => lat), points.map(({ lon }) => lon)];
  const scale = Math.min(width, height) * (1 - 2 * MARGIN) / Math.max(Math.max(...lats) - Math.min(...lats), Math.max(...lons) - Math.min(...lons), 0.01);
  const x = (lon) => width / 2 + (lon - (Math.max(...lons) + Math.min(...lons)) / 2) * scale;
  const y = (lat) => height / 2 - (lat - (Math.max(...lats) + Math.min(...lats)) / 2) * scale;
  const rings = (base?.features ?? []).flatMap(({ geometry }) => geometry.coordinates);
  const colour = (layer, row) => { const field = of(layer.config.style.color.field); return field ? field.display(field.values[row]).color : 'transparent'; };
  const [, places, cuts] = options.layers;
  return (
    <svg width={width} height={height} style={{ fontSize: 11 }}>
      {rings.map((ring, number) => <polygon key={number} points={ring.map(([lon, lat]) => `${x(lon)},${y(lat)}`).join(' ')} fill="#333" stroke="#777" />)}
      {points.map(({ lat, lon, row }) => (
        <g key={row} transform={`translate(${x(lon)} ${y(lat)})`}>
          <circle r={places.config.style.size.fixed} fill={colour(places, row)} />
          <path d="M-9 -9 L9 9 M-9 9 L9 -9" stroke={colour(cuts, row)} strokeWidth="4" />
          <text y="-14" textAnchor="middle" fill="#eee">{of(places.config.style.text.field)?.values[row]}</text>
        </g>
      ))}
    </svg>
  );
}
