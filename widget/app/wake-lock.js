/** Keeps the screen on during the conversation; browsers drop the lock whenever the page is hidden. */

/** @returns {() => void} lets the screen sleep again */
export function keepAwake() {
  if (!('wakeLock' in navigator)) return () => {};
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  let isWanted = true;
  const take = async () => {
    if (document.visibilityState !== 'visible' || !isWanted) return;
    lock = await navigator.wakeLock.request('screen').catch(() => null);
    if (!isWanted) lock?.release();
  };
  take();
  document.addEventListener('visibilitychange', take);
  return () => {
    isWanted = false;
    document.removeEventListener('visibilitychange', take);
    lock?.release();
  };
}
