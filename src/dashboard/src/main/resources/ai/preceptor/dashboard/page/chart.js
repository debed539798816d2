// Curves: uPlot in a card, with its values as text, the colours of the page and the width of its place.
import uPlot from './uplot.js';
import {el, say} from './dom.js';
import {number} from './format.js';

const HEIGHT = 190;

/** A colour of the page, by the name of its variable. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Colour of the i-th run. */
export function seriesColour(i) {
  return colour('--series-' + (i % 8));
}

/** Exponential moving average that starts unbiased. */
export function smooth(values, factor) {
  if (factor === 0) {
    return values;
  }
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    if (value === null || value === undefined) {
      return value;
    }
    sum = factor * sum + (1 - factor) * value;
    weight = factor * weight + (1 - factor);
    return sum / weight;
  });
}

/**
 * A chart of lines over a common axis.
 *
 * A line is {label, colour: i, x: [], y: [], low: [], high: []}; low and high are a band, and may be missing.
 */
export class Chart {
  constructor(title, options) {
    this.options = {xLabel: 'step', log: false, smoothing: 0, points: false, ...options};
    this.lines = [];
    this.value = el('span', {class: 'value'});
    this.heading = el('h3', {class: 'metric-name', title}, title);
    this.legend = el('ul', {class: 'legend'});
    this.plot = el('div', {class: 'plot', role: 'img', 'aria-label': title});
    this.node = el('article', {class: 'card chart'},
      el('div', {class: 'chart-head'}, this.heading, this.value), this.plot, this.legend);
    this.key = '';
    this.zoomed = false;
    this.plot.addEventListener('dblclick', () => {
      this.zoomed = false;
    });
    this.sized = new ResizeObserver(() => this.resize());
    this.sized.observe(this.plot);
    this.repaint = () => this.uplot && this.uplot.redraw(false);
    document.addEventListener('themechange', this.repaint);
  }

  close() {
    this.sized.disconnect();
    document.removeEventListener('themechange', this.repaint);
    if (this.uplot) {
      this.uplot.destroy();
      this.uplot = null;
    }
    this.node.remove();
  }

  set(options) {
    Object.assign(this.options, options);
    this.update(this.lines);
  }

  update(lines) {
    this.lines = lines;
    const drawn = lines.filter((line) => line.x.length > 0);
    const key = JSON.stringify([this.options.log, drawn.map((line) => [line.label, line.colour, !!line.low])]);
    const data = this.table(drawn);
    this.drawn = drawn;
    if (key !== this.key || !this.uplot) {
      this.key = key;
      this.build(drawn, data);
    } else {
      this.uplot.setData(data, !this.zoomed);
      if (this.zoomed) {
        this.uplot.redraw(true); // new data must not take back what the reader looks at
      }
    }
    this.tell(null);
  }

  /** One table of all lines over all their places; every line has four columns: raw, smooth, low, high. */
  table(drawn) {
    const log = this.options.log;
    const fit = (values) => (log ? values.map((value) => (value > 0 ? value : null)) : values);
    if (drawn.length === 0) {
      return [[]];
    }
    return uPlot.join(drawn.map((line) => {
      const soft = smooth(line.y, this.options.points ? 0 : this.options.smoothing);
      return [line.x, fit(line.y), fit(soft), fit(line.low || line.y), fit(line.high || line.y)];
    }), drawn.map(() => [0, 2, 2, 2, 2]));
  }

  build(drawn, data) {
    if (this.uplot) {
      this.uplot.destroy();
    }
    const series = [{}];
    const bands = [];
    drawn.forEach((line, i) => {
      const stroke = () => seriesColour(line.colour);
      const base = 1 + 4 * i;
      const faint = {stroke: () => seriesColour(line.colour) + '55', width: 1, spanGaps: true, points: {show: false}};
      const hidden = {stroke: () => 'transparent', width: 0, spanGaps: true, points: {show: false}};
      series.push({...faint, show: this.options.smoothing > 0 && !this.options.points});
      const dots = {show: true, size: 5, width: 0, fill: () => seriesColour(line.colour) + 'b0'};
      series.push(this.options.points
        ? {stroke, width: 0, paths: () => null, points: dots}
        : {stroke, width: 2, spanGaps: true, points: {show: false}});
      series.push(hidden, hidden);
      if (line.low) {
        bands.push({series: [base + 3, base + 2], fill: () => seriesColour(line.colour) + '26'});
      }
    });
    this.uplot = new uPlot({
      width: Math.max(200, this.plot.clientWidth),
      height: this.options.height || HEIGHT,
      series,
      bands,
      legend: {show: false},
      cursor: {
        y: false,
        drag: {x: true, y: false},
        focus: {prox: 16},
        sync: this.options.sync ? {key: this.options.sync, setSeries: false} : undefined,
        points: {show: false},
      },
      scales: {x: {time: false}, y: {distr: this.options.log ? 3 : 1, range: this.options.log ? undefined : range}},
      axes: [axis(this.options.xLabel, 30), axis(null, 52)],
      hooks: {
        setCursor: [(plot) => this.tell(plot.cursor.idx)],
        setSelect: [(plot) => {
          this.zoomed = this.zoomed || plot.select.width > 0;
        }],
      },
    }, data, this.plot);
  }

  /** Values at the cursor, or the last ones. */
  tell(index) {
    const at = (line) => {
      if (index === null || index === undefined || !this.uplot) {
        return line.x.length - 1;
      }
      const x = this.uplot.data[0][index];
      let best = -1;
      line.x.forEach((place, i) => {
        if (place <= x) {
          best = i;
        }
      });
      return best;
    };
    const value = (line) => {
      const place = at(line);
      return place < 0 ? null : line.y[place];
    };
    if (this.drawn.length === 1 && !this.options.named) {
      const line = this.drawn[0];
      say(this.value, this.options.points ? '' : number(value(line)));
      this.legend.hidden = true;
      this.plot.setAttribute('aria-label',
        `${this.heading.textContent}: ${number(line.y[line.y.length - 1])} at step ${number(line.x[line.x.length - 1])}`);
      return;
    }
    say(this.value, '');
    this.legend.hidden = this.drawn.length === 0;
    while (this.legend.children.length > this.drawn.length) {
      this.legend.lastChild.remove();
    }
    this.drawn.forEach((line, i) => {
      if (!this.legend.children[i]) {
        this.legend.append(el('li', null, el('i', {class: 'swatch'}), el('span', {class: 'of'}), el('b')));
      }
      const item = this.legend.children[i];
      item.dataset.series = String(line.colour % 8);
      say(item.children[1], line.label);
      say(item.children[2], this.options.points ? '' : number(value(line)));
    });
    this.plot.setAttribute('aria-label', this.heading.textContent + ': '
      + this.drawn.map((line) => line.label + ' ' + number(line.y[line.y.length - 1])).join(', '));
  }

  resize() {
    const width = this.plot.clientWidth;
    if (this.uplot && width > 0 && Math.abs(width - this.uplot.width) > 1) {
      this.uplot.setSize({width, height: this.options.height || HEIGHT});
    }
  }
}

/** Room above and below, so that a constant is a line in the middle. */
function range(plot, low, high) {
  if (low === null || high === null) {
    return [0, 1];
  }
  const room = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  return [low - room, high + room];
}

function axis(label, size) {
  return {
    stroke: () => colour('--ink-3'),
    grid: {stroke: () => colour('--grid'), width: 1},
    ticks: {show: false},
    font: '11px system-ui, sans-serif',
    labelFont: '11px system-ui, sans-serif',
    size,
    gap: 6,
    values: (plot, splits) => splits.map((value) => (value === null ? '' : tick(value))),
    space: size === 52 ? 34 : 60,
  };
}

function tick(value) {
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-4)) {
    return value.toExponential(0).replace('-', '−');
  }
  if (size >= 1e4) {
    return (value / 1000).toLocaleString('en-US') + 'k';
  }
  return String(Number(value.toPrecision(6))).replace('-', '−');
}

/** A curve without axes, as SVG. */
export function sparkline(svg, node, values) {
  const shown = values.filter((value) => value !== null);
  if (shown.length < 2) {
    node.replaceChildren();
    return;
  }
  const low = Math.min(...shown);
  const high = Math.max(...shown);
  const points = shown.map((value, i) => {
    const x = (i / (shown.length - 1)) * 122 + 3;
    const y = high === low ? 15 : 26 - ((value - low) / (high - low)) * 22;
    return x.toFixed(1) + ',' + y.toFixed(1);
  });
  const [lastX, lastY] = points[points.length - 1].split(',');
  node.replaceChildren(
    svg('polyline', {points: points.join(' ')}),
    svg('circle', {cx: lastX, cy: lastY, r: 2.4}));
}
