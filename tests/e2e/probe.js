/**
 * Runs in the candidate's frame before its own scripts: listens to what the interviewer's voice sends to
 * the loudspeaker, and lets a test stand in for the machine. Changes nothing that is heard.
 */
(() => {
  if (!location.pathname.startsWith('/embed')) return;
  const probe = { contexts: [], taps: [], streams: [], rate: 0, microphone: null, cancelledAt: 0 };
  window.probe = probe;
  const worklet = `data:text/javascript,${encodeURIComponent(window.PROBE_WORKLET)}`;

  window.AudioContext = class extends AudioContext {
    constructor(options) {
      super(probe.rate ? { ...options, sampleRate: probe.rate } : options);
      probe.contexts.push(this);
    }
  };

  const WorkletNode = window.AudioWorkletNode;
  window.AudioWorkletNode = class extends WorkletNode {
    constructor(context, name, options) {
      super(context, name, options);
      if (name !== 'vv-playback') return;
      const tap = { ear: null };
      probe.taps.push(tap);
      context.audioWorklet.addModule(worklet).then(() => {
        tap.ear = new WorkletNode(context, 'probe', { numberOfOutputs: 0 });
        this.connect(tap.ear);
      });
    }
  };

  window.WebSocket = class extends WebSocket {
    constructor(...parts) {
      super(...parts);
      this.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string' || JSON.parse(data).t !== 'cancel') return;
        probe.cancelledAt = probe.contexts.at(-1).currentTime;
      });
    }
  };

  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wishes) => {
    const stream = await (probe.microphone ?? ask)(wishes);
    probe.streams.push(stream);
    return stream;
  };

  /** Spells of sound since the last look; the newest one is told again while it may go on. */
  probe.heard = () =>
    new Promise((resolve) => {
      const { port } = probe.taps.at(-1).ear;
      port.onmessage = ({ data }) => resolve(data);
      port.postMessage(null);
    });

  /** A microphone that sends one value for ever, at any rate. */
  probe.constant = (value, sampleRate = 48_000) => {
    const context = new (Object.getPrototypeOf(window.AudioContext))({ sampleRate });
    const source = context.createConstantSource();
    source.offset.value = value;
    const destination = context.createMediaStreamDestination();
    source.connect(destination);
    source.start();
    return destination.stream;
  };

  probe.track = () => probe.streams.at(-1).getAudioTracks()[0];

  /** As if the device was pulled out. */
  probe.pull = () => {
    probe.track().stop();
    probe.track().dispatchEvent(new Event('ended'));
  };
})();
