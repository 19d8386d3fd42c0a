/** Neutral observations with their time: what happened, never what it means. */

const FOCUS_SETTLE_MS = 1000;

/**
 * @typedef {'tab_hidden'|'focus_lost'|'paste'|'copy'|'screen_share_stopped'|'microphone_muted'
 *   |'microphone_silent'|'reconnected'|'duplicate_session'|'extra_screen'} SignalKind
 */

/** @typedef {(kind: SignalKind, data: Record<string, string | number | boolean>) => void} Report */

/**
 * @param {Report} report
 * @param {{sessionId: string, isHostFocused: () => boolean, timers: import('./timers.js').Timers}} surroundings
 * @returns {() => void} stops observing
 */
export function observe(report, { sessionId, isHostFocused, timers }) {
  const undo = new AbortController();
  const { signal } = undo;
  watchVisibility(report, signal);
  watchFocus(report, { isHostFocused, timers, signal });
  watchClipboard(report, signal);
  watchDuplicates(report, sessionId, signal);
  return () => undo.abort();
}

/**
 * @param {Report} report
 * @param {AbortSignal} signal
 */
function watchVisibility(report, signal) {
  let hiddenAt = 0;
  const notice = () => {
    if (document.visibilityState === 'hidden') hiddenAt = performance.now();
    else if (hiddenAt) {
      report('tab_hidden', { for_ms: Math.round(performance.now() - hiddenAt) });
      hiddenAt = 0;
    }
  };
  document.addEventListener('visibilitychange', notice, { signal });
}

/**
 * @param {Report} report
 * @param {{isHostFocused: () => boolean, timers: import('./timers.js').Timers, signal: AbortSignal}} parts
 */
function watchFocus(report, { isHostFocused, timers, signal }) {
  let lostAt = 0;
  let cancel = () => {};
  const lost = () => {
    cancel();
    // Clicking on the surrounding page is no loss, and a permission prompt passes quickly.
    cancel = timers.after(FOCUS_SETTLE_MS, () => {
      if (!document.hasFocus() && !isHostFocused() && document.visibilityState === 'visible') {
        lostAt = performance.now() - FOCUS_SETTLE_MS;
      }
    });
  };
  const gained = () => {
    cancel();
    if (lostAt) report('focus_lost', { for_ms: Math.round(performance.now() - lostAt) });
    lostAt = 0;
  };
  addEventListener('blur', lost, { signal });
  addEventListener('focus', gained, { signal });
  signal.addEventListener('abort', () => cancel());
}

/**
 * @param {Report} report
 * @param {AbortSignal} signal
 */
function watchClipboard(report, signal) {
  document.addEventListener(
    'paste',
    (event) => report('paste', { characters: event.clipboardData?.getData('text').length ?? 0 }),
    { signal },
  );
  document.addEventListener(
    'copy',
    () => report('copy', { characters: String(getSelection() ?? '').length }),
    { signal },
  );
}

/**
 * The same session in a second window of this browser; the windows greet each other.
 *
 * @param {Report} report
 * @param {string} sessionId
 * @param {AbortSignal} signal
 */
function watchDuplicates(report, sessionId, signal) {
  if (typeof BroadcastChannel !== 'function') return;
  const channel = new BroadcastChannel(`vivavoce.${sessionId}`);
  channel.onmessage = () => report('duplicate_session', {});
  channel.postMessage('opened');
  signal.addEventListener('abort', () => channel.close());
}

/** What the browser can say about further screens; most cannot. */
export function screenState() {
  const { isExtended } = /** @type {{isExtended?: boolean}} */ (/** @type {unknown} */ (screen));
  if (isExtended === undefined) return 'unknown';
  return isExtended ? 'extended' : 'single';
}
