// Elements. What files and models say only ever becomes text.

/** el('p', {class: 'x', onclick: f, 'aria-label': 'y'}, 'text', node, [nodes]) */
export function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (name === 'value' || name === 'checked') {
      node[name] = value;
    } else {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false) {
      node.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
  return node;
}

/** Replaces what an element shows. */
export function show(node, ...children) {
  node.replaceChildren();
  return fill(node, null, children);
}

/** Sets a text only if it is another, so that screen readers and selections are left alone. */
export function say(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** At most one call every so many milliseconds, the last one included. */
export function calmly(millis, action) {
  let timer = 0;
  let last = 0;
  return () => {
    if (timer) {
      return;
    }
    const wait = Math.max(0, last + millis - performance.now());
    timer = setTimeout(() => {
      timer = 0;
      last = performance.now();
      action();
    }, wait);
  };
}
