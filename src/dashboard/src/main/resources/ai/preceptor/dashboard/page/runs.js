// All runs.
import {main} from './shell.js';
import {calmly, el, say, show, svg} from './dom.js';
import {ago, duration, nameOf, number, parentOf, runLink} from './format.js';
import {get, isReady, runs, watch} from './live.js';
import {sparkline} from './chart.js';
import {short} from './metrics.js';

const STATES = ['running', 'finished', 'stopped', 'failed'];
const MOST_SPARKS = 60;

const shown = new Map();
const selected = new Set();
let filter = '';
let state = '';

const count = el('p', {class: 'dim', role: 'status'});
const search = el('input', {type: 'search', placeholder: 'Filter by name or command', 'aria-label': 'Filter runs',
  oninput: () => {
    filter = search.value.trim().toLowerCase();
    draw();
  }});
const chips = el('div', {class: 'chips', role: 'group', 'aria-label': 'State'}, ['', ...STATES].map((one) =>
  el('button', {type: 'button', 'aria-pressed': String(one === state), 'data-state': one, onclick: () => {
    state = one;
    [...chips.children].forEach((chip) => chip.setAttribute('aria-pressed', String(chip.dataset.state === one)));
    draw();
  }}, one || 'all')));
const list = el('ul', {class: 'runs'});
const empty = el('div', {class: 'empty', hidden: true});
const bar = el('div', {class: 'selection', hidden: true});

show(main,
  el('div', {class: 'page-head'}, el('div', null, el('h1', null, 'Runs'), count),
    el('div', {class: 'tools'}, search, chips)),
  el('div', {class: 'run-columns', 'aria-hidden': 'true'},
    el('span', null, 'Run'), el('span', null, 'Progress'), el('span', null, 'Last values'), el('span', null, 'Trend')),
  list, empty, bar);

/** A run's line, which is filled again and again. */
class Line {
  constructor(id) {
    this.id = id;
    this.box = el('input', {type: 'checkbox', 'aria-label': 'Select ' + id, onchange: () => {
      if (this.box.checked) {
        selected.add(id);
      } else {
        selected.delete(id);
      }
      drawBar();
    }});
    this.dot = el('span', {class: 'state'});
    this.message = el('p', {class: 'message', hidden: true});
    this.where = el('span', {class: 'where'});
    this.command = el('span', {class: 'tag'});
    this.progress = el('progress', {max: 1, value: 0, 'aria-label': 'Progress of ' + id});
    this.steps = el('span', {class: 'num'});
    this.left = el('span', {class: 'dim num'});
    this.values = el('dl', {class: 'values'});
    this.spark = svg('svg', {class: 'spark', viewBox: '0 0 130 30', 'aria-hidden': 'true'});
    const parent = parentOf(id);
    say(this.where, parent ? parent + ' / ' : '');
    this.node = el('li', {class: 'run'},
      el('label', {class: 'pick'}, this.box),
      el('div', {class: 'who'},
        el('div', {class: 'name'}, this.where, el('a', {href: runLink(id)}, nameOf(id))),
        el('div', {class: 'meta'}, this.dot, this.command, this.left), this.message),
      el('div', {class: 'how-far'}, this.progress, el('div', {class: 'row'}, this.steps)),
      this.values, this.spark);
    this.sparked = '';
  }

  fill(row) {
    this.row = row;
    this.dot.dataset.state = row.state;
    say(this.dot, row.state);
    say(this.command, row.command || 'run');
    this.message.hidden = !row.message || row.state === 'running' || row.state === 'finished';
    say(this.message, row.message || '');
    const share = row.totalSteps > 0 ? Math.min(1, row.step / row.totalSteps) : row.state === 'finished' ? 1 : 0;
    this.progress.value = share;
    this.progress.hidden = row.step === 0 && row.totalSteps === 0;
    this.progress.dataset.state = row.state;
    say(this.steps, row.step === 0 && row.totalSteps === 0 ? ''
      : number(row.step) + (row.totalSteps > 0 ? ' of ' + number(row.totalSteps) : ' steps'));
    this.time();
    show(this.values, Object.entries(row.headline).map(([name, value]) =>
      el('div', null, el('dt', {title: name}, short(name)), el('dd', null, number(value)))));
  }

  time() {
    const row = this.row;
    const left = (row.totalSteps - row.step) * row.secondsPerStep;
    const isLast = row.totalSteps > 0 && row.step >= row.totalSteps;
    say(this.left, row.state !== 'running' ? ago(row.updated)
      : left > 0 ? duration(left) + ' left' : isLast ? 'finishing' : 'for ' + duration((Date.now() - row.started) / 1000));
  }

  async drawSpark() {
    const metric = Object.keys(this.row.headline)[0];
    const wanted = metric + this.row.step;
    if (!metric || this.sparked === wanted) {
      return;
    }
    this.sparked = wanted;
    let reply = await get('/api/curves', {id: this.id, metric, points: 64});
    while (reply.more) {
      reply = await get('/api/curves', {id: this.id, metric, points: 64});
    }
    const curve = reply.curves[metric];
    sparkline(svg, this.spark, curve ? curve.mean : []);
  }
}

/** Running first, then as they were last written; stages stay below their recipe. */
function order(rows) {
  const top = (id) => id.split('/')[0];
  const family = new Map();
  for (const row of rows) {
    const one = family.get(top(row.id)) || {running: false, updated: 0};
    one.running = one.running || row.state === 'running';
    one.updated = Math.max(one.updated, row.updated);
    family.set(top(row.id), one);
  }
  return rows.sort((a, b) => {
    const one = family.get(top(a.id));
    const other = family.get(top(b.id));
    return other.running - one.running || other.updated - one.updated || top(a.id).localeCompare(top(b.id))
      || (a.id === top(a.id) ? -1 : 0) - (b.id === top(b.id) ? -1 : 0)
      || (a.started || a.updated) - (b.started || b.updated) || a.id.localeCompare(b.id);
  });
}

function draw() {
  if (!isReady()) {
    return;
  }
  const all = [...runs().values()];
  const wanted = order(all.filter((row) => (!state || row.state === state)
    && (!filter || (row.id + ' ' + row.command).toLowerCase().includes(filter))));
  const ids = new Set(wanted.map((row) => row.id));
  for (const [id, line] of shown) {
    if (!ids.has(id)) {
      line.node.remove();
      shown.delete(id);
      selected.delete(id);
    }
  }
  wanted.forEach((row, i) => {
    let line = shown.get(row.id);
    if (!line) {
      line = new Line(row.id);
      shown.set(row.id, line);
    }
    if (line.row !== row) {
      line.fill(row);
    }
    line.node.classList.toggle('below', row.id.includes('/') && ids.has(row.id.split('/')[0]));
    if (list.children[i] !== line.node) {
      list.insertBefore(line.node, list.children[i] || null);
    }
  });
  const running = all.filter((row) => row.state === 'running').length;
  say(count, all.length === 0 ? '' : (wanted.length < all.length ? wanted.length + ' of ' : '') + all.length
    + (all.length === 1 ? ' run' : ' runs') + (running ? ', ' + running + ' running' : ''));
  empty.hidden = wanted.length > 0;
  if (!empty.hidden) {
    show(empty, all.length === 0
      ? [el('h2', null, 'No runs yet'), el('p', null, 'A run that is started in this directory appears here at once, for example:'),
        el('pre', null, './preceptor run configs/quickstart.yaml')]
      : el('p', null, 'No run matches.'));
  }
  drawBar();
  sparks();
}

/** One after the other: the server keeps the curves of the last few runs only. */
const sparks = calmly(2000, async () => {
  for (const node of [...list.children].slice(0, MOST_SPARKS)) {
    const line = [...shown.values()].find((one) => one.node === node);
    if (line) {
      await line.drawSpark().catch((problem) => console.info(problem.message));
    }
  }
});

function drawBar() {
  bar.hidden = selected.size === 0;
  if (!bar.hidden) {
    const query = new URLSearchParams([...selected].map((id) => ['id', id]));
    show(bar, el('span', null, selected.size + ' selected'),
      el('a', {class: 'button primary', href: (selected.size === 1 ? '/run?' : '/compare?') + query},
        selected.size === 1 ? 'Open' : 'Compare'),
      el('button', {type: 'button', class: 'button', onclick: () => {
        selected.clear();
        shown.forEach((line) => {
          line.box.checked = false;
        });
        drawBar();
      }}, 'Clear'));
  }
}

watch(calmly(200, draw));
setInterval(() => shown.forEach((line) => line.time()), 1000);
