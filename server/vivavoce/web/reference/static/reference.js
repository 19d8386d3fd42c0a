// Rebuilds the requests of the page when their fields change, finds addresses, copies, opens links.

/**
 * @typedef {{method: string, path: string, header: string, variable: string, query: string,
 *   revision: string, body: unknown, file: string}} Sent
 */

const INDENT = '    ';

/** @param {string} text */
const shellQuoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** @param {Sent} sent */
function curl(sent) {
  const method = sent.method === 'GET' ? '' : `-X ${sent.method} `;
  const lines = [`curl ${method}"$INSTANCE${sent.path}${sent.query}"`];
  if (sent.header) lines.push(`-H "${sent.header}: $${sent.variable}"`);
  if (sent.revision) lines.push(`-H ${shellQuoted(`if-match: ${sent.revision}`)}`);
  if (sent.body !== undefined) {
    lines.push("-H 'content-type: application/json'");
    lines.push(`-d ${shellQuoted(JSON.stringify(sent.body, null, 2))}`);
  }
  if (sent.file) lines.push(`-F file=@${sent.file}`);
  return lines.join(' \\\n  ');
}

/**
 * @param {unknown} value
 * @param {number} depth
 * @returns {string}
 */
function literal(value, depth) {
  const outer = INDENT.repeat(depth);
  const inner = INDENT.repeat(depth + 1);
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((one) => `${inner}${literal(one, depth + 1)},\n`).join('')}${outer}]`;
  }
  if (typeof value === 'object') {
    const rows = Object.entries(value);
    if (rows.length === 0) return '{}';
    const told = rows.map(
      ([key, one]) => `${inner}${JSON.stringify(key)}: ${literal(one, depth + 1)},\n`,
    );
    return `{\n${told.join('')}${outer}}`;
  }
  return JSON.stringify(value);
}

/** @param {Sent} sent */
function python(sent) {
  const headers = [];
  if (sent.header) headers.push(`"${sent.header}": os.environ["${sent.variable}"]`);
  if (sent.revision) headers.push(`"if-match": ${JSON.stringify(sent.revision)}`);
  const rows = [
    JSON.stringify(sent.method),
    `os.environ["INSTANCE"] + ${JSON.stringify(sent.path + sent.query)}`,
  ];
  if (headers.length > 0) rows.push(`headers={${headers.join(', ')}}`);
  if (sent.body !== undefined) rows.push(`json=${literal(sent.body, 1)}`);
  if (sent.file) rows.push(`files={"file": open("${sent.file}", "rb")}`);
  const told = rows.map((row) => `${INDENT}${row},\n`).join('');
  const end = 'answer.raise_for_status()\nprint(answer.text)';
  return `import os\n\nimport httpx\n\nanswer = httpx.request(\n${told})\n${end}`;
}

/**
 * What a field says as a JSON value; undefined when it says nothing.
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} field
 */
function jsonOf(field) {
  const text = field.value;
  const kind = field.dataset.kind;
  field.classList.remove('wrong');
  if (text.trim() === '') return undefined;
  if (kind !== 'json' && kind !== 'number') return text;
  try {
    return JSON.parse(text);
  } catch {
    field.classList.add('wrong');
    return undefined;
  }
}

/**
 * @param {HTMLElement} request
 * @returns {Sent}
 */
function sentBy(request) {
  const { method = '', path = '', header = '', variable = '', file = '' } = request.dataset;
  /** @type {Sent} */
  const sent = { method, path, header, variable, query: '', revision: '', body: undefined, file };
  const query = new URLSearchParams();
  /** @type {Record<string, unknown>} */
  const body = {};
  /** @type {Record<string, (field: HTMLInputElement, value: unknown) => void>} */
  const put = {
    path: ({ name, value }) => {
      sent.path = sent.path.replace(`{${name}}`, encodeURIComponent(value));
    },
    query: ({ name, value }) => query.set(name, value),
    header: ({ value }) => {
      sent.revision = value;
    },
    body: ({ name }, value) => {
      body[name] = value;
    },
  };
  if (request.querySelector('[data-place=body]')) sent.body = body;
  for (const found of request.querySelectorAll('[data-place]')) {
    const field = /** @type {HTMLInputElement} */ (found);
    const value = jsonOf(field);
    if (value !== undefined) put[field.dataset.place ?? '']?.(field, value);
  }
  sent.query = query.size > 0 ? `?${query}` : '';
  return sent;
}

/** @param {HTMLElement} request */
function rebuild(request) {
  const sent = sentBy(request);
  for (const code of request.querySelectorAll('code[data-language]')) {
    const shown = /** @type {HTMLElement} */ (code);
    shown.textContent = shown.dataset.language === 'python' ? python(sent) : curl(sent);
  }
}

/** Every request in the language that was chosen last. @param {string} language */
function speak(language) {
  for (const tab of document.querySelectorAll('[role=tab]')) {
    tab.setAttribute(
      'aria-selected',
      String(/** @type {HTMLElement} */ (tab).dataset.language === language),
    );
  }
  for (const code of document.querySelectorAll('code[data-language]')) {
    const shown = /** @type {HTMLElement} */ (code);
    shown.hidden = shown.dataset.language !== language;
  }
}

/** @param {HTMLElement} button */
async function copy(button) {
  const shown = button.closest('.code')?.querySelector('code:not([hidden])');
  await navigator.clipboard.writeText(shown?.textContent ?? '');
  button.textContent = 'Copied';
  button.addEventListener(
    'blur',
    () => {
      button.textContent = 'Copy';
    },
    { once: true },
  );
}

/** @param {string} words */
function find(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const one of document.querySelectorAll('.address')) {
    const address = /** @type {HTMLElement} */ (one);
    const told = (address.dataset.words ?? '').toLowerCase();
    address.hidden = !wanted.every((word) => told.includes(word));
    if (!address.hidden) found += 1;
  }
  for (const one of document.querySelectorAll('section.group')) {
    const group = /** @type {HTMLElement} */ (one);
    group.hidden = !group.querySelector('.address:not([hidden])');
  }
  const nothing = document.getElementById('nothing');
  if (nothing) nothing.hidden = found > 0;
}

/** A link to an address opens it. */
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView();
  }
}

document.addEventListener('input', (event) => {
  const field = /** @type {HTMLElement} */ (event.target);
  if (field.id === 'find') find(/** @type {HTMLInputElement} */ (field).value);
  const request = field.closest('.request');
  if (request) rebuild(/** @type {HTMLElement} */ (request));
});
document.addEventListener('click', (event) => {
  const pressed = /** @type {HTMLElement} */ (event.target);
  if (pressed.matches('[role=tab]')) speak(pressed.dataset.language ?? 'curl');
  if (pressed.matches('.copy')) copy(pressed);
});
document.addEventListener('submit', (event) => event.preventDefault());
addEventListener('hashchange', open);
open();
