// Actors, configuration and summary of a run.
import {el, show} from './dom.js';
import {bytes, duration, number, percent} from './format.js';

export function actors(panel, details) {
  const status = details.status || {};
  const meters = status.meters || {};
  const stages = meters.stages || [];
  const list = (details.summary && details.summary.actors) || meters.actors || [];
  const memory = status.memory || {};
  const facts = [];
  const add = (name, value) => facts.push(el('div', null, el('dt', null, name), el('dd', null, value)));
  if (memory.resident_bytes) {
    add('memory of the process', bytes(memory.resident_bytes));
  }
  if (memory.heap_bytes) {
    add('Java heap', bytes(memory.heap_bytes) + ' of ' + bytes(memory.heap_max_bytes));
  }
  Object.entries(meters.figures || {}).forEach(([name, value]) => add(name, number(value)));
  if (status.pid) {
    add('process', status.pid + (status.host ? ' on ' + status.host : ''));
  }
  show(panel,
    facts.length ? el('dl', {class: 'tiles'}, facts) : null,
    stages.length ? [el('h2', null, 'Queues'), table(['stage', 'actors', 'busy', 'waiting'],
      stages.map((stage) => [stage.stage, number(stage.actors), number(stage.busy), number(stage.queue)]))] : null,
    list.length ? [el('h2', null, 'Actors'), table(['actor', 'stage', 'busy', 'of', 'utilization', 'prompts', 'tokens'],
      list.map((actor) => [actor.actor, actor.stage, duration(actor.busy_seconds), duration(actor.present_seconds),
        percent(actor.utilization), number(actor.prompts), number(actor.tokens)]))] : null,
    facts.length || list.length || stages.length ? null : el('p', {class: 'empty'}, 'This run has told nothing of actors or memory.'));
}

function table(head, rows) {
  return el('div', {class: 'scroll'}, el('table', null,
    el('thead', null, el('tr', null, head.map((name, i) => el('th', {scope: 'col', class: i > 1 ? 'num' : null}, name)))),
    el('tbody', null, rows.map((row) => el('tr', null, row.map((value, i) => el('td', {class: i > 1 ? 'num' : null}, String(value ?? '–'))))))));
}

export function config(panel, details) {
  show(panel, details.config ? el('pre', {class: 'card', tabindex: 0}, details.config)
    : el('p', {class: 'empty'}, 'There is no config.yaml.'));
}

export function summary(panel, details) {
  const found = details.summary && Object.keys(details.summary).length > 0;
  show(panel,
    el('p', {class: 'dim'}, details.directory + (details.bad_lines ? ' · ' + details.bad_lines + ' lines of metrics.jsonl are no rows' : '')),
    found ? el('pre', {class: 'card', tabindex: 0}, JSON.stringify(details.summary, null, 2))
      : el('p', {class: 'empty'}, 'A summary is written when the run is finished.'));
}
