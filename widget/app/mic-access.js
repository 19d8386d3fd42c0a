/** Asks the browser for a microphone, and says in the interview's words why there is none. */

const CONSTRAINTS = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: { ideal: 1 },
};
const INSTANT_MS = 200; // a person needs longer than this to refuse

/** @typedef {'denied'|'blocked_by_policy'|'no_device'|'in_use'|'unsupported'} MicTrouble */

/**
 * @param {string} deviceId '' for the one that the system has chosen
 * @returns {Promise<MediaStream | MicTrouble>}
 */
export async function askForMicrophone(deviceId) {
  if (!navigator.mediaDevices?.getUserMedia) return 'unsupported';
  const askedAt = performance.now();
  const device = deviceId ? { deviceId: { exact: deviceId } } : {};
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { ...CONSTRAINTS, ...device },
    });
    return stream.getAudioTracks().length > 0 ? stream : 'no_device';
  } catch (error) {
    if (deviceId && nameOf(error) === 'OverconstrainedError') return askForMicrophone('');
    return explain(error, performance.now() - askedAt);
  }
}

/**
 * Whether the interviewer's own voice is taken out of what the microphone hears. A browser that does not
 * say counts as one that does.
 *
 * @param {MediaStreamTrack} track
 */
export async function cancelsEcho(track) {
  if (track.getSettings().echoCancellation !== false) return true;
  await track.applyConstraints(CONSTRAINTS).catch(() => {});
  return track.getSettings().echoCancellation !== false;
}

/** @returns {Promise<MediaDeviceInfo[]>} the microphones that may be named */
export async function listMicrophones() {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.filter((device) => device.kind === 'audioinput' && device.deviceId);
}

/**
 * @param {() => void} onGranted the candidate has changed their mind in the browser's own settings
 * @returns {() => void} stops watching
 */
export function watchPermission(onGranted) {
  const name = /** @type {PermissionName} */ ('microphone');
  const undo = new AbortController();
  const watch = async () => {
    const status = await navigator.permissions?.query({ name }).catch(() => null);
    const tell = () => status?.state === 'granted' && onGranted();
    if (!undo.signal.aborted) status?.addEventListener('change', tell, { signal: undo.signal });
  };
  watch();
  return () => undo.abort();
}

/** @param {unknown} error */
export function nameOf(error) {
  return error instanceof DOMException ? error.name : '';
}

/**
 * @param {unknown} error
 * @param {number} afterMs
 * @returns {MicTrouble}
 */
function explain(error, afterMs) {
  switch (nameOf(error)) {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no_device';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    case 'SecurityError':
      return 'blocked_by_policy';
    default:
      return isBlockedByHost(afterMs) ? 'blocked_by_policy' : 'denied';
  }
}

/** Only Chromium says so; elsewhere a refusal inside a frame that nobody had time to make is one. */
function isBlockedByHost(/** @type {number} */ afterMs) {
  /** @typedef {{allowsFeature: (name: string) => boolean}} Policy */
  const page = /** @type {{featurePolicy?: Policy, permissionsPolicy?: Policy}} */ (
    /** @type {unknown} */ (document)
  );
  const policy = page.permissionsPolicy ?? page.featurePolicy;
  if (policy) return !policy.allowsFeature('microphone');
  return window.parent !== window && afterMs < INSTANT_MS;
}
