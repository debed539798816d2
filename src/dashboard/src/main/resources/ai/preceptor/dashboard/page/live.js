// What the server knows, kept up to date by its events.
import {say} from './dom.js';

const rows = new Map();
const listeners = new Set();
let ready = false;
let token = null;
let source = null;

/** All rows by id. */
export function runs() {
  return rows;
}

/** Whether the first list has come. */
export function isReady() {
  return ready;
}

/** Calls back with the ids that changed, now and whenever some do. */
export function watch(listener) {
  listeners.add(listener);
  if (ready) {
    listener(new Set(rows.keys()));
  }
}

function tell(ids) {
  ready = true;
  listeners.forEach((listener) => listener(ids));
}

/** Follows the events while the page is seen: a browser keeps few connections to a server, for all of its tabs together. */
export function connect() {
  document.addEventListener('visibilitychange', follow);
  window.addEventListener('pagehide', pause);
  window.addEventListener('pageshow', follow); // a page that is gone back to may be the old one
  follow();
}

function follow() {
  if (document.visibilityState === 'hidden') {
    pause();
  } else if (source === null) {
    open();
  }
}

function pause() {
  if (source !== null) {
    source.close();
    source = null;
  }
  token = null;
  const state = document.getElementById('link');
  state.dataset.state = 'paused';
  say(state, 'paused');
}

function open() {
  const state = document.getElementById('link');
  const opened = new EventSource('/api/events');
  source = opened;
  opened.addEventListener('open', () => {
    state.dataset.state = 'live';
    say(state, 'live');
  });
  opened.addEventListener('error', () => {
    state.dataset.state = 'lost';
    say(state, 'no connection');
    token = null;
    if (opened.readyState === EventSource.CLOSED) { // refused: the browser does not try again by itself
      setTimeout(() => {
        if (source === opened) {
          source = null;
          follow();
        }
      }, 5000);
    }
  });
  opened.addEventListener('all', (event) => {
    const all = JSON.parse(event.data).runs;
    const ids = new Set([...rows.keys(), ...all.map((row) => row.id)]);
    rows.clear();
    all.forEach((row) => rows.set(row.id, row));
    tell(ids);
  });
  opened.addEventListener('rows', (event) => {
    const {changed, gone} = JSON.parse(event.data);
    changed.forEach((row) => rows.set(row.id, row));
    gone.forEach((id) => rows.delete(id));
    tell(new Set([...changed.map((row) => row.id), ...gone]));
  });
}

/** Reads JSON; parameters may be lists. */
export async function get(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters || {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined) {
        query.append(name, one);
      }
    }
  }
  return answer(await fetch(path + '?' + query, {cache: 'no-store'}));
}

/** Asks for a change; body is optional and sent as JSON. */
export async function post(path, parameters, body) {
  if (token === null) {
    token = (await get('/api/token')).token;
  }
  const request = {method: 'POST', headers: {'x-preceptor-token': token}};
  if (body !== undefined) {
    request.headers['content-type'] = 'application/json';
    request.body = JSON.stringify(body);
  }
  return answer(await fetch(path + '?' + new URLSearchParams(parameters || {}), request));
}

async function answer(response) {
  const body = await response.json();
  if (!response.ok) {
    throw Object.assign(new Error(body.error || 'the server answered ' + response.status), {status: response.status});
  }
  return body;
}
