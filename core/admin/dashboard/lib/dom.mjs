// The page as a function of its data: views describe what is to be seen with h(), and patch() changes the document where
// it differs, so that focus, selection and scroll positions outlive an update each second. Text becomes text nodes and
// attributes only; there is no way in for markup.

const kSvg = 'http://www.w3.org/2000/svg';

/** Set as properties: their attributes only say how the element began. */
const kProperties = new Set(['value', 'checked', 'disabled', 'open', 'selected', 'hidden']);

/** What h() makes, and nothing else: no object of an answer becomes an element. */
class Description {
  constructor(tag, props, children) {
    this.tag = tag;
    this.props = props;
    this.children = children;
  }
}

/**
 * Describes an element. `props`: attributes by name (null, undefined and false leave them out), `class`, `key` (which
 * element of its siblings it stays), `on: {click: handler}`, `style: {'--share': '40%'}`. Children: descriptions, text,
 * numbers; null, undefined and false are nothing.
 */
export function h(tag, props = {}, ...children) {
  return new Description(tag, props ?? {}, flat(children));
}

function flat(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== '')
    .map((child) => (child instanceof Description ? child : typeof child === 'object' ? JSON.stringify(child) : String(child)));
}

/** Makes the children of `parent` what `children` describes. */
export function patch(parent, children) {
  const wanted = flat([children]);
  const left = [...parent.childNodes];
  let at = 0;
  for (const description of wanted) {
    const found = left.findIndex((node) => matches(node, description));
    const node = found >= 0 ? left.splice(found, 1)[0] : make(description, parent);
    if (parent.childNodes[at] !== node) parent.insertBefore(node, parent.childNodes[at] ?? null);
    update(node, description);
    at += 1;
  }
  for (const node of left) node.remove();
}

/** All text of what h() described, as tests and announcements want it. */
export function textOf(description) {
  if (Array.isArray(description)) return description.map(textOf).join('');
  if (description === null || description === undefined || description === false) return '';
  return description instanceof Description ? description.children.map(textOf).join('') : String(description);
}

function matches(node, description) {
  if (typeof description === 'string') return node.nodeType === Node.TEXT_NODE;
  return node.nodeType === Node.ELEMENT_NODE && node.localName === description.tag && node.sluiceKey === description.props.key;
}

function make(description, parent) {
  if (typeof description === 'string') return document.createTextNode(description);
  const svg = description.tag === 'svg' || parent.namespaceURI === kSvg;
  const node = svg ? document.createElementNS(kSvg, description.tag) : document.createElement(description.tag);
  node.sluiceKey = description.props.key;
  return node;
}

function update(node, description) {
  if (typeof description === 'string') {
    if (node.data !== description) node.data = description;
    return;
  }
  const { key, on = {}, style = {}, ...attributes } = description.props;
  patch(node, description.children); // before the properties: a select takes the value of an option that it has
  setAttributes(node, attributes);
  for (const [name, value] of Object.entries(style)) node.style.setProperty(name, value);
  for (const [event, handler] of Object.entries(on)) node[`on${event}`] = handler;
}

function setAttributes(node, attributes) {
  const before = node.sluiceAttributes ?? {};
  for (const name of Object.keys(before)) {
    if (!(name in attributes)) setAttribute(node, name, null);
  }
  for (const [name, value] of Object.entries(attributes)) {
    // Only what the view has changed: what a person types or opens in between stays.
    if (before[name] !== value) setAttribute(node, name, value);
  }
  node.sluiceAttributes = attributes;
}

function setAttribute(node, name, value) {
  if (kProperties.has(name)) {
    node[name] = value ?? (name === 'value' ? '' : false);
  } else if (value === null || value === undefined || value === false) {
    node.removeAttribute(name);
  } else {
    node.setAttribute(name, value === true ? '' : String(value));
  }
}
