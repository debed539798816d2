// The page of judging by hand where no pairs were given: how to start it.
import {main} from './shell.js';
import {el, show} from './dom.js';

show(main,
  el('div', {class: 'page-head'}, el('h1', null, 'Judging by hand')),
  el('div', {class: 'empty'},
    el('h2', null, 'This dashboard was started without pairs to judge.'),
    el('p', null, 'To judge by hand, start it with a file, a folder or a glob of rows (prompt, chosen, rejected) and a directory for the verdicts:'),
    el('pre', null, './preceptor dashboard judge=runs/preferences/preferences.jsonl output=runs/judged'),
    el('p', null, 'reward_model=DIR also compares your verdicts with a reward model. port=0 takes a free port while this one is in use.')));
