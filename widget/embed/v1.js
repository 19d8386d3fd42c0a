/**
 * The one script a site owner pastes. It defines `<viva-interview>`, opens the interview in a frame of
 * its own and hands events back. It touches no page style, no cookie and no global but `Vivavoce`.
 */
(() => {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const INSTANCE = new URL(script?.src ?? location.href).origin;
  const TAG = 'viva-interview';
  const ALLOW =
    'microphone; autoplay; screen-wake-lock; speaker-selection; fullscreen; clipboard-write';
  const DEFAULT_HEIGHT = 680;
  const LOWEST = 320;
  const HIGHEST = 2400;
  const LABEL = 'Start the voice interview';
  const CLOSE = 'Close the interview';

  const scope = /** @type {Record<string, any>} */ (/** @type {unknown} */ (window));
  if (scope.Vivavoce?.version || customElements.get(TAG)) return;

  /** @typedef {{vv: 1, t: string, d: Record<string, any>}} Envelope */

  /** @type {Map<string, Set<(event: CustomEvent) => void>>} */
  const listeners = new Map();
  /** @type {Set<VivaInterview>} */
  const mounted = new Set();

  /**
   * @param {HTMLElement} element
   * @param {Record<string, string>} style through CSSOM, which no style policy forbids
   */
  const dress = (element, style) => Object.assign(element.style, style);

  /** @param {unknown} data @returns {Envelope | null} */
  const readEnvelope = (data) => {
    const message = /** @type {Envelope} */ (data);
    if (message?.vv !== 1 || typeof message.t !== 'string') return null;
    return { vv: 1, t: message.t, d: message.d && typeof message.d === 'object' ? message.d : {} };
  };

  /** What inline styles cannot say. A constructed sheet is CSSOM too. */
  const SHEET = [
    'dialog::backdrop{background:rgb(10 14 13/55%)}',
    'button:focus-visible{outline:3px solid #0b63ce;outline-offset:2px}',
    '@media(max-width:640px){dialog{height:100dvh!important;border-radius:0!important}}',
  ].join('');

  /** @param {ShadowRoot} root */
  const adoptSheet = (root) => {
    if (!('adoptedStyleSheets' in root)) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    root.adoptedStyleSheets = [sheet];
  };

  class VivaInterview extends HTMLElement {
    constructor() {
      super();
      /** @type {HTMLIFrameElement | null} */
      this.frame = null;
      /** @type {MessagePort | null} */
      this.port = null;
      /** @type {HTMLDialogElement | null} */
      this.dialog = null;
      this.root = this.attachShadow({ mode: 'open' });
      this.nonce = '';
      this.isAttached = false;
      this.undo = new AbortController();
    }

    get mode() {
      return this.getAttribute('mode') ?? 'inline';
    }

    connectedCallback() {
      if (this.isAttached) return;
      this.isAttached = true;
      mounted.add(this);
      this.undo = new AbortController();
      const { signal } = this.undo;
      addEventListener('message', (event) => this.#greet(event), { signal });
      for (const type of ['focus', 'blur']) {
        addEventListener(type, () => this.#reportVisibility(), { signal });
      }
      document.addEventListener('visibilitychange', () => this.#reportVisibility(), { signal });
      if (this.root.childNodes.length === 0) this.#build();
    }

    /** A framework that moves the element keeps the interview; one that removes it ends it. */
    disconnectedCallback() {
      setTimeout(() => {
        if (this.isConnected || !this.isAttached) return;
        this.isAttached = false;
        mounted.delete(this);
        this.#tell('destroy');
        this.undo.abort();
        this.frame?.remove();
        this.frame = null;
        this.root.replaceChildren();
      });
    }

    connectedMoveCallback() {}

    open() {
      if (!this.frame) this.#load();
      if (this.dialog && !this.dialog.open) this.dialog.showModal();
      this.#reportVisibility();
    }

    close() {
      this.dialog?.close();
      this.#reportVisibility();
    }

    start() {
      this.open();
      this.#tell('start');
    }

    end() {
      this.#tell('end');
    }

    #build() {
      if (this.mode === 'inline') {
        dress(this, { display: 'block' });
        this.#loadWhenNear();
        return;
      }
      adoptSheet(this.root);
      this.dialog = this.#buildDialog();
      this.root.append(this.#buildOpener(), this.dialog);
    }

    #loadWhenNear() {
      if (typeof IntersectionObserver !== 'function') return this.#load();
      const place = document.createElement('div');
      dress(place, { minHeight: `${DEFAULT_HEIGHT}px` });
      this.root.append(place);
      const observer = new IntersectionObserver(
        (entries) => {
          if (!entries.some((entry) => entry.isIntersecting)) return;
          observer.disconnect();
          this.#load();
          place.remove();
        },
        { rootMargin: '300px' },
      );
      observer.observe(place);
      this.undo.signal.addEventListener('abort', () => observer.disconnect());
      return undefined;
    }

    /** The link inside the element opens the dialog; without one there is a button. */
    #buildOpener() {
      if (this.mode === 'modal' && this.querySelector('a,button')) {
        const slot = document.createElement('slot');
        slot.addEventListener('click', (event) => {
          event.preventDefault();
          this.open();
        });
        return slot;
      }
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = this.textContent?.trim() || LABEL;
      button.setAttribute('part', 'button');
      dress(button, {
        font: '600 16px/1.2 system-ui, sans-serif',
        color: '#fff',
        background: '#17564c',
        border: '0',
        borderRadius: '999px',
        padding: '15px 24px',
        cursor: 'pointer',
      });
      if (this.mode === 'popup-button') {
        dress(button, {
          position: 'fixed',
          insetBlockEnd: '24px',
          insetInlineEnd: '24px',
          zIndex: '2147483000',
          boxShadow: '0 8px 28px rgb(0 0 0 / 24%)',
        });
      }
      button.addEventListener('click', () => this.open());
      return button;
    }

    #buildDialog() {
      const dialog = document.createElement('dialog');
      dialog.setAttribute('aria-label', this.title || LABEL);
      dress(dialog, {
        width: 'min(1120px, 100vw)',
        height: 'min(820px, 100dvh)',
        maxWidth: '100vw',
        maxHeight: '100dvh',
        padding: '0',
        border: '0',
        borderRadius: '18px',
        overflow: 'hidden',
        background: 'transparent',
      });
      const close = document.createElement('button');
      close.type = 'button';
      close.textContent = '×';
      close.setAttribute('aria-label', CLOSE);
      dress(close, {
        position: 'absolute',
        insetBlockStart: '12px',
        insetInlineEnd: '8px',
        width: '44px',
        height: '44px',
        font: '26px/1 system-ui, sans-serif',
        color: '#6f7780', // 3:1 on the light ground and on the dark one
        background: 'transparent',
        border: '0',
        borderRadius: '50%',
        cursor: 'pointer',
      });
      close.addEventListener('click', () => this.close());
      dialog.addEventListener('close', () => this.#reportVisibility());
      dialog.append(close);
      return dialog;
    }

    #load() {
      const url = new URL('/embed', INSTANCE);
      for (const name of ['embed-id', 'locale', 'theme']) {
        const value = this.getAttribute(name);
        if (value) url.searchParams.set(name.replace('-', '_'), value);
      }
      const frame = document.createElement('iframe');
      frame.title = this.title || LABEL;
      frame.allow = ALLOW;
      frame.referrerPolicy = 'strict-origin';
      frame.src = url.href;
      dress(frame, {
        display: 'block',
        width: '100%',
        height: this.dialog ? '100%' : `${DEFAULT_HEIGHT}px`,
        border: '0',
        colorScheme: 'normal',
      });
      this.frame = frame;
      if (this.dialog) this.dialog.prepend(frame);
      else this.root.append(frame);
    }

    /** A reloaded frame greets again with a new nonce and gets a new port. */
    #greet(/** @type {MessageEvent} */ event) {
      const target = this.frame?.contentWindow;
      if (!target || event.source !== target || event.origin !== INSTANCE) return;
      const message = readEnvelope(event.data);
      const nonce = message?.t === 'hello' ? message.d.nonce : null;
      if (typeof nonce !== 'string' || nonce === this.nonce) return;
      this.nonce = nonce;
      this.port?.close();
      const { port1, port2 } = new MessageChannel();
      this.port = port1;
      port1.onmessage = (each) => this.#receive(each.data);
      target.postMessage({ vv: 1, t: 'connect', d: { nonce } }, INSTANCE, [port2]);
      this.#tell('config', { mode: this.mode });
      this.#reportVisibility();
    }

    /**
     * @param {string} type
     * @param {Record<string, any>} [fields]
     */
    #tell(type, fields = {}) {
      this.port?.postMessage({ vv: 1, t: type, d: fields });
    }

    /** Whether the tab is hidden the frame sees itself; here it is also told to who leaves the page. */
    #reportVisibility() {
      const visible = !this.dialog || this.dialog.open;
      this.#tell('host.visibility', { visible, focused: document.hasFocus() });
    }

    #receive(/** @type {unknown} */ data) {
      const message = readEnvelope(data);
      if (!message) return;
      this.#obey(message);
      this.#emit(message.t, message.d);
    }

    #obey(/** @type {Envelope} */ { t, d }) {
      if (t === 'token.request') this.#sendToken();
      else if (t === 'resize') this.#resize(Number(d.height));
      else if (t === 'state') this.#showBeginning();
      else if (t === 'popout.request') this.#popOut(String(d.url ?? ''));
      else if (t === 'focus.leave') this.focus();
    }

    #resize(/** @type {number} */ height) {
      if (!this.frame || this.dialog || !(height > 0)) return;
      this.frame.style.height = `${Math.max(LOWEST, Math.min(HIGHEST, Math.ceil(height)))}px`;
    }

    /** The next screen begins at the top, which whoever pressed the last button may have scrolled past. */
    #showBeginning() {
      if (this.dialog || document.activeElement !== this) return;
      if (this.getBoundingClientRect().top < 0) this.scrollIntoView({ block: 'start' });
    }

    /** Only our own pages are opened, whatever the message says. */
    #popOut(/** @type {string} */ url) {
      if (url.startsWith(`${INSTANCE}/`)) window.open(url, '_blank', 'noopener');
    }

    async #sendToken() {
      const url = this.getAttribute('token-url');
      if (!url) return this.#tell('token', { error: 'no_token_url' });
      try {
        const response = await fetch(url, {
          method: 'POST',
          credentials: 'same-origin',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ embed_id: this.getAttribute('embed-id') }),
        });
        if (!response.ok) throw new Error(String(response.status));
        const { token } = await response.json();
        return this.#tell('token', { token });
      } catch {
        this.#emit('error', { code: 'token_url' });
        return this.#tell('token', { error: 'token_url' });
      }
    }

    /**
     * @param {string} type
     * @param {Record<string, any>} detail
     */
    #emit(type, detail) {
      const event = new CustomEvent(`viva:${type}`, { bubbles: true, composed: true, detail });
      this.dispatchEvent(event);
      for (const listener of listeners.get(type) ?? []) listener(event);
    }
  }

  const commands = {
    version: '1',
    /**
     * @param {string} type such as `completed`
     * @param {(event: CustomEvent) => void} listener
     */
    on(type, listener) {
      const all = listeners.get(type) ?? new Set();
      listeners.set(type, all.add(listener));
      return () => all.delete(listener);
    },
    open: () => each((interview) => interview.open()),
    close: () => each((interview) => interview.close()),
    start: () => each((interview) => interview.start()),
    end: () => each((interview) => interview.end()),
  };

  const each = (/** @type {(interview: VivaInterview) => void} */ act) => {
    for (const interview of mounted) act(interview);
  };

  /** `Vivavoce('on', 'completed', f)` and `Vivavoce.on('completed', f)` are the same. */
  const run = (/** @type {string} */ name, /** @type {any[]} */ ...rest) => {
    const command = /** @type {Record<string, any>} */ (commands)[name];
    if (typeof command === 'function') return command(...rest);
    return undefined;
  };

  const early = scope.Vivavoce?.q ?? scope.Vivavoce ?? [];
  scope.Vivavoce = Object.assign(run, commands, {
    push: (/** @type {any[]} */ call) => run(.../** @type {[string]} */ ([...call])),
  });
  customElements.define(TAG, VivaInterview);
  if (typeof early === 'object')
    for (const call of Array.from(early)) run(.../** @type {[string]} */ ([...call]));
})();
