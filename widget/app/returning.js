/** Tells when the page may have missed something: it was hidden, frozen or asleep with its machine. */

const TICK_MS = 2000;
const JUMP_MS = 8000; // a slow machine is late; a sleeping one by more

/**
 * @param {import('./timers.js').Timers} timers
 * @param {() => void} onReturn
 * @returns {() => void} stops watching
 */
export function watchReturns(timers, onReturn) {
  const undo = new AbortController();
  const { signal } = undo;
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'visible' && onReturn(),
    { signal },
  );
  document.addEventListener('resume', onReturn, { signal });
  // The wall clock goes on while a machine sleeps; others may stand still.
  let expectedAt = Date.now() + TICK_MS;
  const stopTicking = timers.every(TICK_MS, () => {
    const isLate = Date.now() - expectedAt > JUMP_MS;
    expectedAt = Date.now() + TICK_MS;
    if (isLate) onReturn();
  });
  signal.addEventListener('abort', stopTicking);
  return () => undo.abort();
}
