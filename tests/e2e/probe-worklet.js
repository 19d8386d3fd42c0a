/** Notes on the audio thread from when to when there was sound, in seconds of the context. */

const LOUD = 0.003;
const CROSSES_ZERO_FOR = 0.004;

class Probe extends AudioWorkletProcessor {
  constructor() {
    super();
    this.spells = [];
    this.loudAt = -1;
    this.port.onmessage = () => {
      this.port.postMessage(this.spells);
      this.spells = this.spells.slice(-1);
    };
  }

  process([input]) {
    const samples = input[0] ?? [];
    for (let i = 0; i < samples.length; i += 1) {
      if (Math.abs(samples[i]) > LOUD) this.hear((currentFrame + i) / sampleRate);
    }
    return true;
  }

  hear(at) {
    if (at - this.loudAt > CROSSES_ZERO_FOR) this.spells.push([at, at]);
    this.spells.at(-1)[1] = at;
    this.loudAt = at;
  }
}
registerProcessor('probe', Probe);
