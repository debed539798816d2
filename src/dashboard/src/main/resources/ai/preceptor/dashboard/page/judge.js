// Judging by hand: two answers in random order, by keys or buttons. Who preferred which is not in the page.
import {main} from './shell.js';
import {el, say, show} from './dom.js';
import {percent} from './format.js';
import {get, post} from './live.js';

const VERDICTS = {1: 'first', 2: 'second', 0: 'tie'};
let pair = null;
let shownAt = 0;
let busy = false;
let hasRewards = false;

const progress = el('progress', {max: 1, value: 0, 'aria-label': 'Judged pairs'});
const count = el('span', {class: 'dim'});
const told = el('p', {class: 'hidden', role: 'status'});
const problem = el('p', {class: 'notice', role: 'alert', hidden: true});
const prompt = el('div', {class: 'judge-prompt card'});
const first = answer('first', 'First answer', '1');
const second = answer('second', 'Second answer', '2');
const tie = verdictButton('tie', 'No difference', '0');
const undo = el('button', {type: 'button', class: 'button', onclick: takeBack}, el('kbd', null, 'U'), 'Take back');
const work = el('div', {hidden: true},
  prompt, el('div', {class: 'judge-answers'}, first.node, second.node),
  el('div', {class: 'judge-bar'}, tie, undo));
const end = el('div', {class: 'empty', hidden: true});
const agreement = el('div', {class: 'judge-agreement'});
const panel = el('details', {class: 'card judge-panel', ontoggle: () => {
  if (panel.open) {
    drawAgreement();
  }
}}, el('summary', null, 'Agreement'), agreement);

show(main,
  el('link', {rel: 'stylesheet', href: '/assets/judge.css'}),
  el('div', {class: 'page-head'},
    el('div', null, el('h1', null, 'Which answer is better?'),
      el('p', {class: 'dim'}, 'Press ', el('kbd', null, '1'), ' or ', el('kbd', null, '2'), ', or ', el('kbd', null, '0'),
        ' if you see no difference.')),
    el('div', {class: 'judge-count'}, count, progress)),
  problem, work, end, panel, told);

function answer(verdict, title, key) {
  const text = el('div', {class: 'judge-text'});
  const button = verdictButton(verdict, title.replace('answer', 'is better'), key);
  return {text, node: el('section', {class: 'card judge-answer', 'aria-label': title}, el('h2', null, title), text, button)};
}

function verdictButton(verdict, label, key) {
  return el('button', {type: 'button', class: 'button', onclick: () => judge(verdict)}, el('kbd', null, key), label);
}

/** A text, or a conversation with its roles. */
function conversation(value) {
  if (typeof value === 'string') {
    return el('p', {class: 'text'}, value);
  }
  const withRoles = value.length > 1 || (value[0] && value[0].role !== 'user' && value[0].role !== 'assistant');
  return value.map((message) => el('p', {class: 'text'},
    withRoles ? el('span', {class: 'role'}, message.role) : null, content(message)));
}

function content(message) {
  const text = typeof message.content === 'string' ? message.content
    : message.content === null || message.content === undefined ? '' : JSON.stringify(message.content);
  return message.tool_calls ? text + '\n' + JSON.stringify(message.tool_calls, null, 2) : text;
}

function draw(state) {
  pair = state.pair || null;
  hasRewards = state.reward_model;
  progress.value = state.total ? state.done / state.total : 0;
  say(count, state.done + ' of ' + state.total + ' judged');
  work.hidden = pair === null;
  end.hidden = pair !== null;
  undo.disabled = state.done === 0;
  if (pair) {
    show(prompt, el('h2', null, 'Prompt'), conversation(pair.prompt));
    show(first.text, conversation(pair.first));
    show(second.text, conversation(pair.second));
    shownAt = performance.now();
  } else {
    show(end, el('h2', null, state.total ? 'All pairs are judged.' : 'There are no pairs to judge.'),
      el('p', null, 'The rows are in the directory given as output.'),
      state.done ? el('button', {type: 'button', class: 'button', onclick: takeBack}, 'Take the last one back') : null);
  }
  if (panel.open) {
    drawAgreement();
  }
}

async function change(request, message) {
  if (busy) {
    return;
  }
  busy = true;
  try {
    draw(await request());
    problem.hidden = true;
    say(told, message);
    window.scrollTo({top: 0});
  } catch (failure) {
    problem.hidden = false;
    say(problem, failure.message);
  } finally {
    busy = false;
  }
}

function judge(verdict) {
  if (pair) {
    const millis = Math.min(Math.round(performance.now() - shownAt), 86400000);
    change(() => post('/api/judge', {id: pair.id, verdict, millis}), verdict === 'tie' ? 'No difference.' : 'The ' + verdict + ' is better.');
  }
}

function takeBack() {
  change(() => post('/api/judge/undo'), 'The last verdict is taken back.');
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest('input, select, textarea, dialog')) {
    return;
  }
  if (VERDICTS[event.key] !== undefined) {
    event.preventDefault();
    judge(VERDICTS[event.key]);
  } else if (event.key.toLowerCase() === 'u' && !undo.disabled) {
    event.preventDefault();
    takeBack();
  }
});

let again = 0;

async function drawAgreement() {
  clearTimeout(again);
  try {
    const found = await get('/api/judge/agreement');
    if (found.pending > 0 && panel.open) {
      again = setTimeout(drawAgreement, 1000);
    }
    show(agreement,
      row('You and the teacher', found.teacher),
      hasRewards ? row('You and the reward model', found.reward_model) : null,
      hasRewards ? row('Teacher and reward model', found.teacher_and_reward_model) : null,
      row('You prefer the first answer', found.first, 'about half, if the side does not matter'),
      el('p', {class: 'dim'}, found.judged + ' judged, ' + found.ties
        + ' without a difference.' + (found.pending > 0 ? ' The reward model has ' + found.pending + ' left to score.' : '')
        + (found.problem ? ' The reward model failed on a pair: ' + found.problem + '.' : '') + ' Intervals are of 95 % (Wilson). Pairs on which one of the two is undecided are left out.'));
  } catch (failure) {
    show(agreement, el('p', null, failure.message));
  }
}

function row(name, share, note) {
  if (!share) {
    return el('div', {class: 'judge-row'}, el('span', null, name), el('span', {class: 'dim'}, 'no pairs yet'));
  }
  return el('div', {class: 'judge-row'},
    el('span', null, name, note ? el('span', {class: 'dim'}, ' · ' + note) : null),
    el('span', {class: 'judge-interval', role: 'img',
      'aria-label': percent(share.rate) + ', 95 % interval ' + percent(share.low) + ' to ' + percent(share.high)}, bar(share)),
    el('span', {class: 'judge-share'}, el('b', null, percent(share.rate)), ' ',
      el('span', {class: 'dim'}, percent(share.low) + ' to ' + percent(share.high) + ' of ' + share.of)));
}

/** Styles by attributes would need an inline style, which the page's policy refuses; the property does not. */
function bar(share) {
  const range = el('i', {class: 'range'});
  range.style.left = 100 * share.low + '%';
  range.style.width = 100 * (share.high - share.low) + '%';
  const point = el('i', {class: 'point'});
  point.style.left = 100 * share.rate + '%';
  return [el('i', {class: 'half'}), range, point];
}

change(() => get('/api/judge'), '');
