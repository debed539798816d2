// Samples of a step: prompts with their answers, tokens coloured where they moved.
import {el, say, show} from './dom.js';
import {number} from './format.js';
import {get} from './live.js';

export class Samples {
  constructor(id) {
    this.id = id;
    this.step = null;
    this.from = 0;
    this.page = null;
    this.key = '';
    this.field = el('input', {type: 'number', min: 1, 'aria-label': 'Step', onchange: () => this.go(Number(this.field.value) || null)});
    this.before = el('button', {type: 'button', class: 'button', onclick: () => this.go(this.page.previous)}, '← earlier');
    this.after = el('button', {type: 'button', class: 'button', onclick: () => this.go(this.page.next)}, 'later →');
    this.latest = el('button', {type: 'button', class: 'button', onclick: () => this.go(null)}, 'latest');
    this.where = el('p', {class: 'dim', role: 'status'});
    this.legend = el('p', {class: 'dim ratio-legend', hidden: true},
      'Tokens: ', el('span', {class: 'token', 'data-up': 4}, 'more'), ' or ', el('span', {class: 'token', 'data-down': 4}, 'less'),
      ' likely than under the reference');
    this.list = el('div', {class: 'samples'});
    this.more = el('button', {type: 'button', class: 'button', hidden: true, onclick: () => {
      this.count += 24;
      this.refresh();
    }}, 'More samples of this step');
    this.count = 24;
    this.node = el('section', {'aria-label': 'Samples'},
      el('div', {class: 'toolbar'}, this.before, el('label', {class: 'field'}, 'Step', this.field), this.after, this.latest), this.where, this.legend,
      this.list, this.more);
  }

  go(step) {
    this.step = step || null;
    this.count = 24;
    return this.refresh();
  }

  async refresh() {
    const page = await get('/api/samples', {id: this.id, step: this.step === null ? -1 : this.step, count: Math.min(200, this.count)});
    this.page = page;
    if (document.activeElement !== this.field) {
      this.field.value = page.step || '';
    }
    this.before.disabled = !page.previous;
    this.after.disabled = !page.next;
    this.latest.disabled = this.step === null;
    say(this.where, page.samples.length === 0 && page.cut ? 'The samples' + (page.step ? ' of step ' + number(page.step) : '') + ' are too large to show; they are in samples.jsonl.'
      : page.samples.length === 0 ? 'No samples: only commands that sample answers write them.'
      : page.samples.length + ' of ' + (page.cut ? 'more than ' : '') + page.count + ' answers of step ' + number(page.step) + (this.step === null ? ', the latest' : '')
        + (page.cut ? '; the rest is too large to show and is in samples.jsonl' : ''));
    this.more.hidden = page.samples.length >= page.count || page.samples.length >= 200;
    const key = JSON.stringify(page.samples);
    if (key !== this.key) {
      this.key = key;
      this.draw(page.samples);
    }
  }

  draw(samples) {
    const groups = new Map();
    samples.forEach((sample) => {
      const key = sample.group + '\n' + JSON.stringify(sample.prompt);
      groups.set(key, [...(groups.get(key) || []), sample]);
    });
    this.legend.hidden = !samples.some(colourable);
    show(this.list, [...groups.values()].map((group) => el('article', {class: 'card sample'},
      el('div', {class: 'prompt'}, prompt(group[0].prompt)),
      el('ol', {class: 'answers'}, group.map(answer)))));
  }
}

/** A text, or messages with their roles. */
function prompt(value) {
  if (Array.isArray(value)) {
    return value.map((message) => el('div', {class: 'message-part'},
      el('span', {class: 'role'}, String(message.role ?? '')), el('span', {class: 'text'}, text(message.content))));
  }
  return el('span', {class: 'text'}, text(value));
}

function text(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function colourable(sample) {
  return Array.isArray(sample.log_ratios) && Array.isArray(sample.token_ends);
}

function answer(sample) {
  const facts = [];
  const add = (name, value) => facts.push(el('div', null, el('dt', null, name), el('dd', null, value)));
  add('score', sample.score === undefined ? (sample.problem || 'none') : number(sample.score));
  if (sample.advantage !== undefined) {
    add('advantage', number(sample.advantage));
  }
  if (sample.kl !== undefined) {
    add('KL', number(sample.kl));
  }
  Object.entries(sample.score_parts || {}).forEach(([name, value]) => add(name, number(value)));
  if (sample.tokens !== undefined) {
    add('tokens', number(sample.tokens) + (sample.finish_reason === 'length' ? ', cut' : ''));
  }
  return el('li', {'data-sign': sample.advantage > 0 ? 'up' : sample.advantage < 0 ? 'down' : null},
    el('p', {class: 'text'}, colourable(sample) ? tokens(sample) : text(sample.completion ?? '') || el('span', {class: 'dim'}, 'empty')),
    el('dl', {class: 'facts'}, facts),
    sample.critique ? el('details', null, el('summary', null, 'What the judge wrote'), el('p', {class: 'text'}, text(sample.critique))) : null);
}

/** The answer in tokens; a step of colour for each 0.25 nats up to 1. */
function tokens(sample) {
  const whole = String(sample.completion ?? '');
  let begin = 0;
  const parts = [];
  sample.token_ends.forEach((end, i) => {
    const ratio = sample.log_ratios[i];
    if (end > begin) {
      const level = Math.min(4, Math.floor(Math.abs(ratio) / 0.25));
      const up = level > 0 && ratio > 0 ? level : null;
      const down = level > 0 && ratio < 0 ? level : null;
      parts.push(el('span', {class: 'token', 'data-up': up, 'data-down': down,
        title: 'log-ratio ' + number(ratio) + (sample.logprobs ? ', log-probability ' + number(sample.logprobs[i]) : '')}, whole.slice(begin, end)));
      begin = end;
    }
  });
  parts.push(whole.slice(begin));
  return parts;
}
