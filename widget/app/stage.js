/** Shows the screen of the phase, moves the focus to it and tells the page and the host about it. */

import { h, setText } from './dom.js';
import { pageHeader } from './page-header.js';
import { consentScreen } from './screens/consent.js';
import { deviceCheckScreen } from './screens/device-check.js';
import { doneScreen } from './screens/done.js';
import { errorScreen } from './screens/error.js';
import { introScreen } from './screens/intro.js';
import { liveScreen } from './screens/live.js';
import { queueScreen } from './screens/queue.js';
import { reviewScreen } from './screens/review.js';

/** @typedef {import('./view-state.js').ViewState} ViewState */

/**
 * @typedef {object} App
 * @property {import('./interview.js').Interview} interview
 * @property {import('./store.js').Store<ViewState>} store
 * @property {import('./i18n.js').Texts} texts
 * @property {import('./launch.js').FrameConfig} config
 * @property {import('./host-port.js').HostPort} host
 */

/**
 * @typedef {object} Screen
 * @property {HTMLElement} element
 * @property {HTMLElement} heading gets the focus when the screen appears
 * @property {(view: ViewState) => void} [update]
 * @property {() => void} [dispose]
 */

/** @typedef {(app: App) => Screen} MakeScreen */

/** @type {Record<import('./phases.js').Phase, MakeScreen>} */
const SCREENS = {
  intro: introScreen,
  queue: queueScreen,
  consent: consentScreen,
  devicecheck: deviceCheckScreen,
  live: liveScreen,
  reconnecting: liveScreen,
  paused: liveScreen,
  review: reviewScreen,
  done: doneScreen,
  error: errorScreen,
};

/** @param {App} app */
export function showStage(app) {
  const { store, texts, host } = app;
  const root = /** @type {HTMLElement} */ (document.getElementById('app'));
  const header = pageHeader(app);
  const main = h('main', { id: 'content', class: 'stage' });
  const notice = h('div', { class: 'notice', role: 'status', hidden: true });
  const skip = h('a', {
    class: 'skip-link',
    href: '#content',
    text: texts.t('app.skip_to_content'),
  });
  root.replaceChildren(skip, header.element, main, notice);

  /** @type {MakeScreen | null} */
  let shown = null;
  /** @type {Screen | null} */
  let screen = null;

  const render = (/** @type {ViewState} */ view) => {
    const make = SCREENS[view.phase];
    document.body.dataset.phase = view.phase;
    if (make !== shown) {
      screen?.dispose?.();
      const isFirst = shown === null;
      shown = make;
      screen = make(app);
      main.replaceChildren(screen.element);
      scrollTo(0, 0);
      // The first screen takes no focus: inside a host page that would scroll to the frame.
      if (!isFirst) screen.heading.focus({ preventScroll: true });
    }
    header.update(view);
    screen?.update?.(view);
    showNotice(notice, texts, view);
  };
  store.subscribe(render);
  render(store.get());
  reportHeight(root, host);
}

/**
 * @param {HTMLElement} element
 * @param {import('./i18n.js').Texts} texts
 * @param {ViewState} view
 */
function showNotice(element, texts, { notice }) {
  element.hidden = notice === null;
  setText(element, notice ? texts.t(notice.key, notice.values) : '');
}

/**
 * @param {HTMLElement} root
 * @param {import('./host-port.js').HostPort} host
 */
function reportHeight(root, host) {
  let told = 0;
  const observer = new ResizeObserver(() => {
    const height = Math.ceil(root.getBoundingClientRect().height);
    if (Math.abs(height - told) < 2) return;
    told = height;
    host.post('resize', { height });
  });
  observer.observe(root);
}
