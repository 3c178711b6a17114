// The graph: reads a second and p99 against the number of connections, as an SVG that reads well on a light and on a dark page. Pure.

const size = { width: 860, height: 400, left: 70, right: 20, top: 56, bottom: 48, gap: 84 };
const panelWidth = (size.width - size.left - size.right - size.gap) / 2;
const panelHeight = size.height - size.top - size.bottom;

const names = { berth: 'Berth', baseline: 'the document’s design', nginx: 'nginx, a file' };

const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 13px }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .line { fill: none; stroke-width: 2.25; stroke-linejoin: round }
  .berth { stroke: #0969da; fill: #0969da } .nginx { stroke: #1a7f37; fill: #1a7f37 } .baseline { stroke: #cf222e; fill: #cf222e }
  .line.berth, .line.nginx, .line.baseline { fill: none }
  text.berth, text.nginx, text.baseline { stroke: none; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .grid { stroke: #3d444d }
    .berth { stroke: #4493f8; fill: #4493f8 } .nginx { stroke: #3fb950; fill: #3fb950 } .baseline { stroke: #f85149; fill: #f85149 }
  }`;

const short = (value) => (value >= 1e6 ? `${value / 1e6}M` : value >= 1000 ? `${value / 1000}k` : String(value));

function panel(points, field, title, x0) {
  const values = points.map((p) => p[field]);
  if (!values.every((value) => value > 0)) throw new Error(`no logarithm of ${field}: ${JSON.stringify(points)}`);
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const most = Math.log2(Math.max(...points.map((p) => p.connections)));
  const x = (connections) => x0 + (Math.log2(connections) / most) * panelWidth;
  const y = (value) => size.top + (1 - (Math.log10(value) - low) / (high - low)) * panelHeight;
  const out = [`<text class="title" x="${x0}" y="${size.top - 14}">${title}</text>`];
  for (let power = low; power <= high; power++) {
    const at = y(10 ** power).toFixed(1);
    out.push(`<line class="grid" x1="${x0}" x2="${x0 + panelWidth}" y1="${at}" y2="${at}"/>`);
    out.push(`<text x="${x0 - 8}" y="${Number(at) + 4}" text-anchor="end">${short(Number((10 ** power).toPrecision(1)))}</text>`);
  }
  for (let power = 0; power <= most; power += 2)
    out.push(`<text x="${x(2 ** power).toFixed(1)}" y="${size.top + panelHeight + 20}" text-anchor="middle">${2 ** power}</text>`);
  out.push(`<text x="${x0 + panelWidth / 2}" y="${size.height - 8}" text-anchor="middle">connections</text>`);
  for (const server of Object.keys(names)) {
    const line = points.filter((p) => p.server === server);
    const places = line.map((p) => `${x(p.connections).toFixed(1)},${y(p[field]).toFixed(1)}`);
    out.push(`<polyline class="line ${server}" points="${places.join(' ')}"/>`);
    for (const place of places) out.push(`<circle class="${server}" r="2.5" cx="${place.split(',')[0]}" cy="${place.split(',')[1]}"/>`);
  }
  return out.join('\n');
}

/** points: {server, connections, rate, p99 in ms}; every value above 0. */
export function graph(points) {
  const legend = Object.entries(names).map(([server, name], i) => `<text class="${server}" x="${size.left + i * 190}" y="18">— ${name}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Reads a second and their p99 against the number of connections">
<style>${style}
</style>
${legend.join('\n')}
${panel(points, 'rate', 'reads a second', size.left)}
${panel(points, 'p99', '99 % answered within, ms', size.left + panelWidth + size.gap)}
</svg>
`;
}
