// Numbers and times for people.

/** Four significant digits; a fixed number of decimals would hide small values. */
export function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return '–';
  }
  const size = Math.abs(value);
  if (size === 0) {
    return '0';
  }
  if (Number.isInteger(value) && size < 1e6) {
    return minus(value.toLocaleString('en-US'));
  }
  if (size >= 1e6) {
    return minus(value.toExponential(2));
  }
  if (size >= 1000) {
    return minus(value.toLocaleString('en-US', {maximumFractionDigits: 0}));
  }
  if (size < 1e-3) {
    return minus(value.toExponential(1));
  }
  return minus(size >= 100 ? value.toFixed(1) : size >= 10 ? value.toFixed(2) : value.toFixed(3));
}

function minus(text) {
  return text.replace(/-/g, '−');
}

/** 3:07, 1 h 12 min, 2 d 4 h. */
export function duration(seconds) {
  if (!Number.isFinite(seconds) || seconds < 0) {
    return '–';
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return whole + ' s';
  }
  if (whole < 3600) {
    return Math.floor(whole / 60) + ' min' + (whole < 600 && whole % 60 ? ' ' + (whole % 60) + ' s' : '');
  }
  if (whole < 86400) {
    return Math.floor(whole / 3600) + ' h ' + Math.floor((whole % 3600) / 60) + ' min';
  }
  return Math.floor(whole / 86400) + ' d ' + Math.floor((whole % 86400) / 3600) + ' h';
}

/** 12 s ago. */
export function ago(millis) {
  const seconds = Math.max(0, (Date.now() - millis) / 1000);
  return seconds < 5 ? 'now' : duration(seconds) + ' ago';
}

export function bytes(value) {
  if (!Number.isFinite(value) || value < 0) {
    return '–';
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return (unit === 0 || size >= 100 ? size.toFixed(0) : size.toFixed(1)) + ' ' + units[unit];
}

export function percent(share) {
  return Number.isFinite(share) ? (100 * share).toFixed(share < 0.1 ? 1 : 0) + ' %' : '–';
}

/** Last part of a run's id. */
export function nameOf(id) {
  return id === '.' ? 'this run' : id.slice(id.lastIndexOf('/') + 1);
}

/** The part before it, empty for a run at the top. */
export function parentOf(id) {
  return id.includes('/') ? id.slice(0, id.lastIndexOf('/')) : '';
}

export function runLink(id) {
  return '/run?id=' + encodeURIComponent(id);
}
