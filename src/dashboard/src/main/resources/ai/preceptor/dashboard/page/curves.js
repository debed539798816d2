// Curves of runs, of which only what is new is fetched.
import {get} from './live.js';

/** The curves of one run. */
export class RunCurves {
  constructor(id, points) {
    this.id = id;
    this.points = points;
    this.parts = new Map();
    this.metrics = [];
    this.headline = []; // those that tell most, in order
    this.more = false;
    this.generation = 0;
  }

  /** Fetches what is new of these metrics; if the server has not read all of the file, there is more. */
  async refresh(names) {
    let more = false;
    for (let begin = 0; begin === 0 || begin < names.length; begin += 48) {
      const some = names.slice(begin, begin + 48);
      const known = some.map((name) => this.parts.get(name)).map((part) => (part && part.generation === this.generation ? part : null));
      const reply = await get('/api/curves', {
        id: this.id,
        points: this.points,
        metric: some,
        from: known.map((part) => (part ? Math.max(0, part.step.length - 1) : 0)),
        width: known.map((part) => (part ? part.width : 0)),
        generation: this.generation,
      });
      this.metrics = reply.metrics;
      this.headline = reply.headline;
      more = more || reply.more;
      for (const [name, part] of Object.entries(reply.curves)) {
        this.parts.set(name, joined(this.parts.get(name), part));
        this.generation = part.generation;
      }
    }
    this.more = more;
  }

  has(name) {
    return this.parts.has(name);
  }

  /** {x, y, low, high}; empty if there is none. */
  curve(name) {
    const part = this.parts.get(name);
    if (!part) {
      return {x: [], y: []};
    }
    const band = part.width > 1 ? {low: part.min, high: part.max} : {};
    return {x: part.step, y: part.mean, ...band};
  }

  /** One metric over another, step by step. */
  over(xName, yName) {
    const x = this.curve(xName);
    const y = this.curve(yName);
    const at = new Map(x.x.map((step, i) => [step, x.y[i]]));
    const pairs = y.x.map((step, i) => [at.get(step), y.y[i]]).filter((pair) => pair[0] !== undefined);
    pairs.sort((a, b) => a[0] - b[0]);
    return {x: pairs.map((pair) => pair[0]), y: pairs.map((pair) => pair[1])};
  }
}

/** A new part begins where the old one stopped, or replaces it. */
function joined(old, part) {
  if (!old || part.from === 0 || old.width !== part.width || old.generation !== part.generation || part.from > old.step.length) {
    return part;
  }
  const all = {width: part.width, generation: part.generation, from: 0};
  for (const field of ['step', 'mean', 'min', 'max']) {
    all[field] = old[field].slice(0, part.from).concat(part[field]);
  }
  return all;
}

/** Mean and standard deviation of several curves, each read between its points. */
export function meanAndBand(curves) {
  const used = curves.filter((curve) => curve.x.length > 0);
  if (used.length === 0) {
    return {x: [], y: []};
  }
  const steps = [...new Set(used.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  const thin = Math.ceil(steps.length / 800);
  const result = {x: [], y: [], low: [], high: []};
  for (let i = 0; i < steps.length; i += thin) {
    const values = used.map((curve) => between(curve, steps[i])).filter((value) => value !== null);
    if (values.length === 0) {
      continue;
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
    result.x.push(steps[i]);
    result.y.push(mean);
    result.low.push(mean - deviation);
    result.high.push(mean + deviation);
  }
  return result;
}

function between(curve, step) {
  const {x, y} = curve;
  if (step < x[0] || step > x[x.length - 1]) {
    return null;
  }
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < step) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (x[low] === step || low === 0) {
    return y[low];
  }
  const share = (step - x[low - 1]) / (x[low] - x[low - 1]);
  return y[low - 1] + share * (y[low] - y[low - 1]);
}
