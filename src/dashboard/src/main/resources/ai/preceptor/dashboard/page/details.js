// Actors, configuration and summary of a run.
import {el, show} from './dom.js';
import {bytes, duration, number, percent} from './format.js';

export function actors(panel, details) {
  const status = details.status || {};
  const meters = status.meters || {};
  const stages = meters.stages || [];
  const list = (details.summary && details.summary.actors) || meters.actors || [];
  const memory = status.memory || {};
  const lived = (status.updated - status.started) / 1000;
  const present = (actor) => actor.present_seconds ?? lived;
  const tiles = [
    memory.resident_bytes ? ['memory', bytes(memory.resident_bytes)] : null,
    memory.peak_resident_bytes ? ['peak memory', bytes(memory.peak_resident_bytes)] : null,
    memory.heap_bytes ? ['Java heap', bytes(memory.heap_bytes)] : null,
    meters.figures && meters.figures['tokens per second'] ? ['tokens a second', number(meters.figures['tokens per second'])] : null,
    status.processor_seconds ? ['processor time', duration(status.processor_seconds)] : null,
    status.pid ? ['process', status.pid] : null,
    status.host ? ['machine', status.host] : null,
  ].filter((tile) => tile !== null);
  const figures = Object.entries(meters.figures || {}).filter(([name]) => name !== 'tokens per second');
  show(panel,
    tiles.length ? el('dl', {class: 'tiles'}, tiles.map(([name, value]) => el('div', null, el('dt', null, name), el('dd', null, value)))) : null,
    list.length ? [el('h2', null, 'Actors'), table(['actor', 'stage', 'busy', 'of', 'utilization', 'prompts', 'tokens'],
      list.map((actor) => [actor.actor, actor.stage, duration(actor.busy_seconds), duration(present(actor)),
        percent(Math.min(1, actor.busy_seconds / present(actor))), number(actor.prompts), number(actor.tokens)]))] : null,
    stages.length ? [el('h2', null, 'Queues'), table(['stage', '', 'actors', 'at work', 'waiting'],
      stages.map((stage) => [stage.stage, '', number(stage.actors), number(stage.busy), number(stage.queue)]))] : null,
    figures.length ? [el('h2', null, 'Buffer'), table(['figure', '', 'now'],
      figures.map(([name, value]) => [name, '', number(value)]))] : null,
    tiles.length || list.length || stages.length ? null : el('p', {class: 'empty'}, 'This run has not reported actors or memory yet.'));
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
    el('p', {class: 'dim'}, details.directory + (details.bad_lines ? ' · ' + details.bad_lines + ' lines of metrics.jsonl could not be read' : '')),
    found ? el('pre', {class: 'card', tabindex: 0}, JSON.stringify(details.summary, null, 2))
      : el('p', {class: 'empty'}, 'A summary is written when the run is finished.'));
}
