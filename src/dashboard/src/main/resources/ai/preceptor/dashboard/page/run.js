// One run: its curves, samples, actors, configuration and summary.
import {main} from './shell.js';
import {calmly, el, say, show} from './dom.js';
import {ago, bytes, duration, nameOf, number, parentOf, runLink} from './format.js';
import {get, post, runs, watch} from './live.js';
import {RunCurves} from './curves.js';
import {CurveBoard} from './board.js';
import {short} from './metrics.js';
import {Samples} from './samples.js';
import {actors, config, summary} from './details.js';

const id = new URLSearchParams(location.search).get('id') || '.';
document.title = nameOf(id) + ' · Preceptor';
const curves = new RunCurves(id, 1024);
let details = null;

// --- head
const state = el('span', {class: 'state'});
const command = el('span', {class: 'tag'});
const time = el('span', {class: 'dim num'});
const message = el('p', {class: 'notice', hidden: true});
const progress = el('progress', {max: 1, value: 0, 'aria-label': 'Progress'});
const steps = el('span', {class: 'num'});
const tiles = el('dl', {class: 'tiles'});
const told = el('p', {class: 'dim told', role: 'status'});
const save = el('button', {type: 'button', class: 'button', onclick: () => ask('/api/save', 'A checkpoint is saved after the current step.')},
  'Save now');
const stop = el('button', {type: 'button', class: 'button danger', onclick: confirmStop}, 'Stop');
const others = el('a', {class: 'button', hidden: true}, 'All seeds');
const actions = el('div', {class: 'actions'}, others, save, stop);

async function ask(path, done) {
  try {
    await post(path, {id});
    say(told, done);
  } catch (problem) {
    say(told, problem.message);
  }
}

function confirmStop() {
  const dialog = el('dialog', {'aria-labelledby': 'stop-title'},
    el('h2', {id: 'stop-title'}, 'Stop this run?'),
    el('p', null, 'It saves its state after the current step and ends, as on Ctrl-C. The same command with resume=true continues from there.'),
    el('div', {class: 'actions'},
      el('button', {type: 'button', class: 'button', onclick: () => dialog.close()}, 'Keep running'),
      el('button', {type: 'button', class: 'button danger', onclick: () => {
        dialog.close();
        ask('/api/stop', 'The run stops after the current step.');
      }}, 'Stop')));
  dialog.addEventListener('close', () => {
    dialog.remove();
    stop.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

// --- tabs
const board = new CurveBoard('run');
const samples = new Samples(id);
const panels = {
  curves: board.node,
  samples: samples.node,
  actors: el('div'),
  configuration: el('div'),
  summary: el('div'),
};
const names = Object.keys(panels);
const tabs = el('div', {class: 'tabs', role: 'tablist', 'aria-label': 'Parts of the run'}, names.map((name) =>
  el('button', {type: 'button', role: 'tab', id: 'tab-' + name, 'aria-controls': 'panel-' + name, onclick: () => open(name, true)},
    name[0].toUpperCase() + name.slice(1))));
tabs.addEventListener('keydown', (event) => {
  const at = names.indexOf(current);
  const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1}[event.key];
  if (to !== undefined) {
    event.preventDefault();
    const name = names[(to + names.length) % names.length];
    open(name, true);
    document.getElementById('tab-' + name).focus();
  }
});
let current = 'curves';

function open(name, asked) {
  current = names.includes(name) ? name : 'curves';
  for (const one of names) {
    const tab = tabs.children[names.indexOf(one)];
    tab.setAttribute('aria-selected', String(one === current));
    tab.tabIndex = one === current ? 0 : -1;
    panels[one].hidden = one !== current;
  }
  if (asked) {
    history.replaceState(null, '', '#' + current);
  }
  refresh();
}

names.forEach((name) => {
  const panel = panels[name];
  panel.id = 'panel-' + name;
  panel.setAttribute('role', 'tabpanel');
  panel.setAttribute('aria-labelledby', 'tab-' + name);
});

const parent = parentOf(id);
show(main,
  el('nav', {class: 'crumbs', 'aria-label': 'Place'}, el('a', {href: '/'}, 'Runs'),
    parent ? [' / ', el('a', {href: runLink(parent)}, parent)] : null),
  el('div', {class: 'page-head run-head'},
    el('div', null, el('h1', null, nameOf(id)), el('div', {class: 'meta'}, state, command, time)), actions),
  message, told,
  el('div', {class: 'progress-line'}, progress, steps),
  tiles, tabs, Object.values(panels));

// --- what is known
function head(row) {
  state.dataset.state = row.state;
  say(state, row.state);
  say(command, row.command || 'run');
  const left = (row.totalSteps - row.step) * row.secondsPerStep;
  say(time, row.state !== 'running' ? 'last written ' + ago(row.updated)
    : left > 0 ? duration(left) + ' left, ' + duration(row.secondsPerStep < 10 ? NaN : row.secondsPerStep).replace('–', row.secondsPerStep.toFixed(2) + ' s') + ' a step' : 'running');
  message.hidden = !row.message || row.state === 'finished' || row.state === 'running';
  message.dataset.state = row.state;
  say(message, row.message || '');
  progress.value = row.totalSteps > 0 ? Math.min(1, row.step / row.totalSteps) : row.state === 'finished' ? 1 : 0;
  progress.dataset.state = row.state;
  say(steps, row.step === 0 && row.totalSteps === 0 ? ''
    : 'step ' + number(row.step) + (row.totalSteps > 0 ? ' of ' + number(row.totalSteps) : ''));
  save.hidden = stop.hidden = row.state !== 'running' || row.totalSteps === 0;
  const seeds = details ? details.draws : [];
  others.hidden = seeds.length < 2;
  others.href = '/compare?' + new URLSearchParams(seeds.map((one) => ['id', one]));
  say(others, 'All ' + seeds.length + ' seeds');
}

function drawTiles() {
  const items = curves.headline.map((name) => {
    const curve = curves.curve(name);
    return [short(name), number(curve.y[curve.y.length - 1]), name];
  });
  const memory = details && details.status && details.status.memory;
  if (memory) {
    items.push(['memory', bytes(memory.resident_bytes || memory.heap_bytes), 'memory of the process']);
  }
  show(tiles, items.map(([name, value, title]) =>
    el('div', null, el('dt', {title}, name), el('dd', null, value))));
}

const refresh = calmly(400, async () => {
  try {
    details = await get('/api/run', {id});
    head(runs().get(id) || details.row);
    const wanted = new Set(details.headline);
    if (current === 'curves') {
      board.show(details.metrics);
      board.wanted().forEach((name) => wanted.add(name));
    }
    await curves.refresh([...wanted]);
    drawTiles();
    if (current === 'curves') {
      board.draw([{label: nameOf(id), colour: 0, curves}]);
    } else if (current === 'samples') {
      await samples.refresh();
    } else {
      const draw = {actors, configuration: config, summary}[current];
      draw(panels[current], details);
    }
    if (curves.more || curves.metrics.length > details.metrics.length) {
      refresh();
    }
  } catch (problem) {
    message.hidden = false;
    say(message, problem.message);
  }
});

board.onchange = refresh;
window.addEventListener('hashchange', () => open(location.hash.slice(1), false));
open(location.hash.slice(1) || 'curves', false);
watch((ids) => {
  const row = runs().get(id);
  if (row) {
    head(row);
  }
  if (ids.has(id)) {
    refresh();
  }
});
