// Charts of many metrics, in groups that open and close, with one toolbar.
import {el, say, show} from './dom.js';
import {Chart} from './chart.js';
import {grouped, klOf} from './metrics.js';

export class CurveBoard {
  /** @param name under which the reader's choices are kept */
  constructor(name) {
    this.store = 'preceptor-board-' + name;
    this.choice = {smoothing: 0, log: false, filter: '', open: {}, ...this.kept()};
    this.charts = new Map();
    this.names = [];
    this.onchange = () => {};
    this.smoothing = el('input', {type: 'range', min: 0, max: 0.95, step: 0.05, value: this.choice.smoothing, id: 'smoothing',
      oninput: () => this.choose({smoothing: Number(this.smoothing.value)})});
    this.smoothed = el('output', {for: 'smoothing', class: 'num'});
    this.log = el('input', {type: 'checkbox', checked: this.choice.log, onchange: () => this.choose({log: this.log.checked})});
    this.filter = el('input', {type: 'search', placeholder: 'Find a metric', 'aria-label': 'Find a metric',
      oninput: () => {
        this.choice.filter = this.filter.value.trim().toLowerCase();
        this.layout();
        this.onchange();
      }});
    this.groups = el('div');
    this.node = el('section', {'aria-label': 'Curves'},
      el('div', {class: 'toolbar'},
        this.filter,
        el('label', {class: 'field'}, 'Smoothing', this.smoothing, this.smoothed),
        el('label', {class: 'field'}, this.log, 'Log scale')),
      this.groups);
    say(this.smoothed, this.choice.smoothing.toFixed(2));
    this.key = '';
  }

  kept() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.store) || '{}');
      return {smoothing: Number(kept.smoothing) || 0, log: kept.log === true, open: kept.open || {}};
    } catch (unreadable) {
      console.info('the choices of curves cannot be read: ' + unreadable.message);
      return {};
    }
  }

  choose(change) {
    Object.assign(this.choice, change);
    say(this.smoothed, this.choice.smoothing.toFixed(2));
    try {
      const {smoothing, log, open} = this.choice;
      localStorage.setItem(this.store, JSON.stringify({smoothing, log, open}));
    } catch (refused) {
      console.info('the choice is not kept: ' + refused.message);
    }
    this.charts.forEach((chart) => chart.set({smoothing: this.choice.smoothing, log: this.choice.log && !chart.options.points}));
  }

  /** Sets which metrics there are. */
  show(names) {
    this.names = names;
    this.layout();
  }

  isOpen(group) {
    return this.choice.filter !== '' || (this.choice.open[group.title] ?? group.open);
  }

  visible() {
    return grouped(this.names.filter((name) => name.toLowerCase().includes(this.choice.filter)));
  }

  /** The metrics whose curves are on the page. */
  wanted() {
    return this.visible().filter((group) => this.isOpen(group)).flatMap((group) => group.names);
  }

  /** Makes the groups and empty charts, if they are not there. */
  layout() {
    const groups = this.visible();
    const key = JSON.stringify(groups.map((group) => [group.title, group.names, this.isOpen(group)]));
    if (key === this.key) {
      return;
    }
    this.key = key;
    const kept = new Map();
    show(this.groups, groups.length === 0 ? el('p', {class: 'empty'}, this.names.length === 0 ? 'No step is done yet.' : 'No metric matches.') : null,
      groups.map((group) => {
        const open = this.isOpen(group);
        const grid = el('div', {class: 'charts'});
        if (open) {
          const kl = klOf(this.names);
          const over = group.names.includes('reward') && kl ? ['reward over KL'] : [];
          [...group.names.slice(0, 2), ...over, ...group.names.slice(2)].forEach((name) => {
            const chart = this.charts.get(name) || this.make(name, kl);
            kept.set(name, chart);
            grid.append(chart.node);
          });
        }
        const head = el('button', {type: 'button', class: 'group-head', 'aria-expanded': String(open), onclick: () => {
          this.choose({open: {...this.choice.open, [group.title]: !open}});
          this.layout();
          this.onchange();
          [...this.groups.querySelectorAll('.group-head')].find((one) => one.dataset.title === group.title).focus();
        }, 'data-title': group.title}, group.title, el('span', {class: 'dim'}, String(group.names.length)));
        return el('section', {class: 'group'}, el('h2', null, head), open ? grid : null);
      }));
    for (const [name, chart] of this.charts) {
      if (!kept.has(name)) {
        chart.close();
      }
    }
    this.charts = kept;
  }

  make(name, kl) {
    const {smoothing, log} = this.choice;
    return name === 'reward over KL'
      ? new Chart(name, {xLabel: kl, points: true, over: [kl, 'reward'], named: this.named, smoothing})
      : new Chart(name, {smoothing, log, sync: this.store, named: this.named});
  }

  /**
   * Draws.
   *
   * @param series [{label, colour, curves}] where curves has curve(name) and over(x, y)
   */
  draw(series) {
    this.charts.forEach((chart, name) => {
      const over = chart.options.over;
      chart.update(series.map(({label, colour, curves}) => ({
        label, colour, ...(over ? curves.over(over[0], over[1]) : curves.curve(name)),
      })));
    });
  }
}
