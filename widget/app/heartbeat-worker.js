/** Keeps time for a page in the background, whose own timers the browser slows to one a minute. */

/** @type {Map<number, ReturnType<typeof setTimeout>>} */
const waiting = new Map();

self.onmessage = (/** @type {MessageEvent<{id: number, ms: number | null}>} */ event) => {
  const { id, ms } = event.data;
  clearTimeout(waiting.get(id));
  waiting.delete(id);
  if (ms === null) return;
  const ring = () => {
    waiting.delete(id);
    self.postMessage(id);
  };
  waiting.set(id, setTimeout(ring, ms));
};
