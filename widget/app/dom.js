/** Elements without markup strings: nothing a server or a candidate wrote is ever parsed as HTML. */

const RESTING_PX = 12; // of the screen: a hand that did not mean to move

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
  const control = h(
    'button',
    { type, class: `button ${kind}`, title: hint },
    ...(icon ? [icon, text] : [text]),
  );
  holdPress(control, onClick);
  return control;
}

/**
 * A press that began on the button counts when the page moved under a resting pointer: a host page lays
 * itself out whenever it likes. A pointer that was drawn away takes the press back, as everywhere.
 *
 * @param {HTMLButtonElement} control
 * @param {(event: MouseEvent) => void} act
 */
function holdPress(control, act) {
  /** @type {{x: number, y: number} | null} */
  let pressedAt = null;
  control.addEventListener('pointerdown', ({ pointerId, screenX, screenY }) => {
    control.setPointerCapture(pointerId);
    pressedAt = { x: screenX, y: screenY };
  });
  control.addEventListener('click', (event) => {
    const from = event.detail > 0 ? pressedAt : null; // keys and readers press without a pointer
    pressedAt = null;
    const drawn = from ? Math.hypot(event.screenX - from.x, event.screenY - from.y) : 0;
    const under = document.elementFromPoint(event.clientX, event.clientY);
    if (drawn < RESTING_PX || control.contains(under)) act(event);
    else event.preventDefault();
  });
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
