// What every page has: the colours' button, the stream of events.
import {connect} from './live.js';

const THEMES = [null, 'light', 'dark'];
const NAMES = {null: 'as the system', light: 'light', dark: 'dark'};
const SIGNS = {null: '◐', light: '☀', dark: '☾'};

/** The element that a page fills. */
export const main = document.getElementById('main');

function chosen() {
  return document.documentElement.dataset.theme || null;
}

function choose(theme) {
  if (theme === null) {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  try {
    if (theme === null) {
      localStorage.removeItem('preceptor-theme');
    } else {
      localStorage.setItem('preceptor-theme', theme);
    }
  } catch (refused) {
    console.info('the choice of colours is not kept: ' + refused.message);
  }
  label();
  document.dispatchEvent(new Event('themechange'));
}

function label() {
  const button = document.getElementById('theme');
  button.textContent = SIGNS[chosen()];
  button.setAttribute('aria-label', 'Colours: ' + NAMES[chosen()]);
  button.title = 'Colours: ' + NAMES[chosen()];
}

document.getElementById('theme').addEventListener('click', () => {
  choose(THEMES[(THEMES.indexOf(chosen()) + 1) % THEMES.length]);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  document.dispatchEvent(new Event('themechange'));
});
label();
connect();
