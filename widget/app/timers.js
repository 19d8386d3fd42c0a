/** Timers that keep their pace in a hidden tab. Each returns its cancellation. */

/**
 * @typedef {object} Timers
 * @property {(ms: number, action: () => void) => () => void} after
 * @property {(ms: number, action: () => void) => () => void} every
 */

/** @returns {Timers} */
export function startTimers(workerUrl = '/embed/app/heartbeat-worker.js') {
  const worker = openWorker(workerUrl);
  /** @type {Map<number, () => void>} */
  const actions = new Map();
  let lastId = 0;
  const ring = (/** @type {number} */ id) => {
    const action = actions.get(id);
    actions.delete(id);
    action?.();
  };
  if (worker) worker.onmessage = (event) => ring(event.data);

  /** @type {Timers['after']} */
  const after = (ms, action) => {
    lastId += 1;
    const id = lastId;
    actions.set(id, action);
    if (worker) worker.postMessage({ id, ms });
    else setTimeout(ring, ms, id);
    return () => {
      actions.delete(id);
      worker?.postMessage({ id, ms: null });
    };
  };

  return {
    after,
    every(ms, action) {
      let cancel = () => {};
      const again = () => {
        cancel = after(ms, again);
        action();
      };
      cancel = after(ms, again);
      return () => cancel();
    },
  };
}

/** @param {string} url */
function openWorker(url) {
  try {
    return new Worker(url);
  } catch {
    return null; // the page's own timers do, as long as it is visible
  }
}
