// Several runs side by side; runs that differ by their seed only as mean and band.
import {main} from './shell.js';
import {calmly, el, say, show} from './dom.js';
import {nameOf, number, runLink} from './format.js';
import {get, isReady, runs, watch} from './live.js';
import {meanAndBand, RunCurves} from './curves.js';
import {CurveBoard} from './board.js';
import {short} from './metrics.js';

const MOST = 64; // as many as the server groups
const asked = [...new Set(new URLSearchParams(location.search).getAll('id'))];
const ids = asked.slice(0, MOST);
const beyond = asked.slice(MOST);
const stores = new Map();
const board = new CurveBoard('compare');
board.named = true;
let joined = true;

const seeds = el('input', {type: 'checkbox', checked: true, onchange: () => {
  joined = seeds.checked;
  refresh();
}});
const seedField = el('label', {class: 'field'}, seeds, 'Seeds as mean and band');
const table = el('div', {class: 'scroll'});
const add = el('select', {'aria-label': 'Add a run', onchange: () => {
  if (add.value && ids.length < MOST) {
    ids.push(add.value);
    go();
  }
}});
const note = el('p', {class: 'notice', hidden: true});
show(main,
  el('div', {class: 'page-head'}, el('div', null, el('h1', null, 'Compare'),
    el('p', {class: 'dim'}, 'Curves of several runs over each other.')), el('div', {class: 'tools'}, seedField, add)),
  note, table, board.node);

function go() {
  history.replaceState(null, '', '/compare?' + new URLSearchParams(ids.map((id) => ['id', id])));
  refresh();
}

/** Draws of one experiment and runs that repeat one, as the server groups them; or each run alone. */
async function groups(here) {
  if (!joined || here.length === 0) {
    return here.map((id) => ({runs: [id], repeats: null}));
  }
  return (await get('/api/groups', {id: here})).groups;
}

/** Several curves as one. */
class Together {
  constructor(all) {
    this.all = all;
  }

  curve(name) {
    return meanAndBand(this.all.map((curves) => curves.curve(name)));
  }

  over(xName, yName) {
    const x = this.curve(xName);
    const y = this.curve(yName);
    const at = new Map(x.x.map((step, i) => [step, x.y[i]]));
    const pairs = y.x.map((step, i) => [at.get(step), y.y[i]]).filter((pair) => pair[0] !== undefined)
      .sort((a, b) => a[0] - b[0]);
    return {x: pairs.map((pair) => pair[0]), y: pairs.map((pair) => pair[1])};
  }
}

/** Fetches what is new; returns the runs that are still there. */
async function fetched(wanted, namesOf) {
  const here = await Promise.all(wanted.map(async (id) => {
    try {
      await stores.get(id).refresh(namesOf(stores.get(id)));
      return true;
    } catch (problem) {
      if (problem.status !== 404) {
        throw problem;
      }
      return false;
    }
  }));
  return wanted.filter((id, i) => here[i]);
}

const refresh = calmly(500, async () => {
  try {
    drawAdd();
    for (const id of ids) {
      if (!stores.has(id)) {
        stores.set(id, new RunCurves(id, 512));
      }
    }
    const all = [...ids];
    const found = await fetched(all, () => []);
    const names = [...new Set(found.flatMap((id) => stores.get(id).metrics))];
    board.show(names);
    const head = [...new Set(found.flatMap((id) => stores.get(id).headline))].slice(0, 6);
    const wanted = [...new Set([...board.wanted(), ...head])];
    const here = await fetched(found, (store) => wanted.filter((name) => store.metrics.includes(name)));
    const gone = all.filter((id) => !here.includes(id));
    const shown = await groups(here);
    const labels = labelsOf(shown);
    board.draw(shown.map((group, i) => ({
      label: labels[i],
      colour: i,
      curves: group.runs.length === 1 ? stores.get(group.runs[0]) : new Together(group.runs.map((id) => stores.get(id))),
    })));
    drawTable(shown, head, gone);
    seedField.hidden = joined && shown.length === here.length;
    const repeats = shown.filter((group) => group.repeats !== null);
    const told = [
      beyond.length > 0 ? 'At most ' + MOST + ' runs are compared; left out: ' + beyond.join(', ') + '.' : '',
      gone.length > 0 ? 'No longer there and left out: ' + gone.join(', ') + '.' : '',
      ...repeats.map((group) => group.runs[0] + ' has the settings and the seed of ' + group.repeats
        + ', which finished later; only that one counts as a draw of them.'),
      ids.length === 0 ? 'Choose runs to compare: here, or by their boxes on the page of all runs.' : '',
      ids.length === 1 && gone.length === 0 ? 'Add another run to compare with.' : '',
    ].filter((text) => text !== '');
    note.hidden = told.length === 0;
    say(note, told.join(' '));
    if (here.map((id) => stores.get(id)).some((store) => store.more || store.metrics.some((name) => !names.includes(name)))) {
      refresh();
    }
  } catch (problem) {
    note.hidden = false;
    say(note, problem.message);
  }
});

/** Short where that tells them apart, else with the directories that a group has in common. */
function labelsOf(shown) {
  const labels = shown.map(label);
  return labels.map((one, i) => {
    const above = labels.filter((other) => other === one).length > 1 ? commonDirectories(shown[i]) : '';
    return above ? above + '/' + one : one;
  });
}

/** `seeds` of `seeds/seed-1/rloo` and `seeds/seed-2/rloo`. */
function commonDirectories(group) {
  const all = group.runs.map((id) => id.split('/').slice(0, -1));
  return all[0].filter((part, i) => all.every((parts) => parts[i] === part)).join('/');
}

function label(group) {
  const names = group.runs.map(nameOf);
  if (names.length === 1) {
    return names[0] + (group.repeats === null ? '' : ' · repeats ' + nameOf(group.repeats));
  }
  let common = 0;
  while (names.every((name) => name[common] !== undefined && name[common] === names[0][common])) {
    common++;
  }
  const stem = names[0].slice(0, common).replace(/[-_. ]*(seed|s)?[-_. ]*\d*$/, '');
  return (stem || names[0]) + ' · ' + names.length + ' seeds';
}

function last(id, name) {
  const curve = stores.get(id).curve(name);
  return curve.y.length ? curve.y[curve.y.length - 1] : null;
}

function drawTable(shown, head, gone) {
  if (ids.length === 0) {
    show(table);
    return;
  }
  show(table, el('table', null,
    el('thead', null, el('tr', null, el('th', {scope: 'col'}, 'Run'), el('th', {scope: 'col'}, 'Seed'), el('th', {scope: 'col', class: 'num'}, 'Step'),
      head.map((name) => el('th', {scope: 'col', class: 'num', title: name}, short(name))), el('th', null, el('span', {class: 'hidden'}, 'Remove')))),
    el('tbody', null, shown.map((group, i) => group.runs.map((id) => {
      const row = runs().get(id);
      return el('tr', null,
        el('th', {scope: 'row'}, el('div', {class: 'of-run'}, el('i', {class: 'swatch', 'data-series': i % 8}), el('a', {href: runLink(id)}, id))),
        el('td', null, row && row.seed ? row.seed : '–'),
        el('td', {class: 'num'}, row ? number(row.step) : '–'),
        head.map((name) => el('td', {class: 'num'}, number(last(id, name)))),
        el('td', null, remover(id)));
    })), gone.map((id) => el('tr', null, el('th', {scope: 'row'}, id),
      el('td', {class: 'dim', colspan: head.length + 2}, 'no longer there'), el('td', null, remover(id)))))));
}

function remover(id) {
  return el('button', {type: 'button', class: 'quiet', 'aria-label': 'Remove ' + id, onclick: () => {
    ids.splice(ids.indexOf(id), 1);
    go();
  }}, '×');
}

function drawAdd() {
  const options = [...runs().values()].filter((row) => !ids.includes(row.id) && row.step > 0).map((row) => row.id).sort();
  const key = options.join('\n');
  if (add.dataset.key !== key) {
    add.dataset.key = key;
    show(add, el('option', {value: ''}, 'Add a run…'), options.map((id) => el('option', {value: id}, id)));
  }
}

watch((changed) => {
  if (isReady() && (ids.length === 0 || ids.some((id) => changed.has(id)))) {
    refresh();
  }
});
