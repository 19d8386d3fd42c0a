/** Elements without markup strings: nothing a server or a candidate wrote is ever parsed as HTML. */

/**
 * @typedef {Record<string, string | number | boolean | undefined
 *   | Partial<Record<keyof HTMLElementEventMap, (event: any) => void>>>} Attributes
 */

/**
 * `text` sets the text, `on` adds listeners, `true` sets an empty attribute, `false` none.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) assign(element, name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {Attributes[string]} value
 */
function assign(element, name, value) {
  if (value === false || value === undefined) return;
  if (name === 'text') element.textContent = String(value);
  else if (typeof value !== 'object')
    element.setAttribute(name, value === true ? '' : String(value));
  else for (const [type, act] of Object.entries(value)) element.addEventListener(type, act);
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A button; with an icon its text stays its accessible name.
 *
 * @param {string} label
 * @param {(event: MouseEvent) => void} onClick
 * @param {{kind?: 'primary'|'secondary'|'quiet'|'danger'|'tool', icon?: SVGElement, hint?: string, type?: 'button'|'submit'}} [look]
 */
export function button(label, onClick, { kind = 'secondary', icon, hint, type = 'button' } = {}) {
  const text = h('span', { class: 'button-label', text: label });
  return h(
    'button',
    { type, class: `button ${kind}`, title: hint, on: { click: onClick } },
    ...(icon ? [icon, text] : [text]),
  );
}

/**
 * @param {HTMLElement} control made by `button`
 * @param {string} label
 */
export function setLabel(control, label) {
  const text = control.querySelector('.button-label');
  if (text instanceof HTMLElement) setText(text, label);
}

/** mm:ss */
export function clockText(/** @type {number} */ ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
