/** The line to the page that embeds us. */

const LARGEST_MESSAGE = 16 * 1024;

/** @typedef {{t: string, d: Record<string, unknown>}} HostMessage */

/**
 * @param {string} origin
 * @param {readonly string[]} allowed exact origins, `https://*.example.com`, or `*` for any
 */
export function isAllowedOrigin(origin, allowed) {
  return allowed.some((each) => {
    if (!each.includes('://*.')) return each === '*' || each === origin;
    const [scheme, host] = each.split('://*.');
    return origin.startsWith(`${scheme}://`) && origin.endsWith(`.${host}`);
  });
}

/**
 * @param {unknown} data
 * @returns {HostMessage | null}
 */
export function readEnvelope(data) {
  if (data === null || typeof data !== 'object') return null;
  const { vv, t, d } = /** @type {Record<string, unknown>} */ (data);
  if (vv !== 1 || typeof t !== 'string') return null;
  const fields = d !== null && typeof d === 'object' ? d : {};
  if (JSON.stringify(fields).length > LARGEST_MESSAGE) return null;
  return { t, d: /** @type {Record<string, unknown>} */ (fields) };
}

export class HostPort {
  /** @param {readonly string[]} allowedOrigins */
  constructor(allowedOrigins) {
    this.allowedOrigins = allowedOrigins;
    /** @type {MessagePort | null} */
    this.port = null;
    this.origin = '';
    /** @type {HostMessage[]} */
    this.waiting = [];
    /** @type {Map<string, (fields: Record<string, unknown>) => void>} */
    this.listeners = new Map();
    this.nonce = crypto.randomUUID();
  }

  get isEmbedded() {
    return window.parent !== window;
  }

  /** @param {string} type @param {(fields: Record<string, unknown>) => void} listener */
  on(type, listener) {
    this.listeners.set(type, listener);
  }

  /**
   * @param {string} type
   * @param {Record<string, unknown>} [fields]
   */
  post(type, fields = {}) {
    if (!this.isEmbedded) return;
    if (this.port) this.port.postMessage({ vv: 1, t: type, d: fields });
    else this.waiting.push({ t: type, d: fields });
  }

  greet() {
    if (!this.isEmbedded) return;
    addEventListener('message', (event) => this.#connect(event));
    // The host's origin is not known yet; the nonce alone is no secret worth keeping from it.
    window.parent.postMessage({ vv: 1, t: 'hello', d: { nonce: this.nonce } }, '*');
  }

  /** @param {MessageEvent} event */
  #connect(event) {
    if (this.port || event.source !== window.parent) return;
    const message = readEnvelope(event.data);
    const port = event.ports[0];
    if (message?.t !== 'connect' || message.d.nonce !== this.nonce || !port) return;
    if (!isAllowedOrigin(event.origin, this.allowedOrigins)) return;
    this.port = port;
    this.origin = event.origin;
    port.onmessage = (each) => this.#receive(each.data);
    for (const { t, d } of this.waiting.splice(0)) this.post(t, d);
  }

  /** @param {unknown} data */
  #receive(data) {
    const message = readEnvelope(data);
    if (message) this.listeners.get(message.t)?.(message.d);
  }
}
