/**
 * The calm shape in the middle: it breathes, swells with the interviewer's voice and sends rings out
 * with the candidate's. It repeats in motion what the text beside it says, and is hidden from readers.
 */

const COLOURS_EVERY_FRAMES = 45;
const POINTS = 48;
const TAU = Math.PI * 2;

/** @typedef {'idle'|'speaking'|'listening'|'thinking'|'still'} OrbMode */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {() => {mode: OrbMode, speaker: number, microphone: number}} look
 * @returns {() => void} stops drawing
 */
export function drawOrb(canvas, look) {
  const brush = canvas.getContext('2d');
  if (!brush) return () => {};
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let colours = readColours();
  let voice = 0;
  let ripple = 0;
  let frame = 0;
  let request = 0;

  const draw = (/** @type {number} */ now) => {
    request = requestAnimationFrame(draw);
    frame += 1;
    if (frame % COLOURS_EVERY_FRAMES === 0) colours = readColours();
    const { mode, speaker, microphone } = look();
    voice += (loudness(mode === 'speaking' ? speaker : 0) - voice) * 0.18;
    ripple += (loudness(microphone) - ripple) * 0.22;
    const size = fit(canvas, brush);
    const seconds = calm.matches ? 0 : now / 1000;
    const speed = mode === 'thinking' ? 2.2 : 1;
    brush.clearRect(0, 0, size, size);
    brush.translate(size / 2, size / 2);
    drawRings(brush, { size, ripple, colour: colours.candidate });
    drawBody(brush, { size, voice, seconds: seconds * speed, colours, isStill: mode === 'still' });
    brush.setTransform(1, 0, 0, 1, 0, 0);
  };
  request = requestAnimationFrame(draw);
  return () => cancelAnimationFrame(request);
}

/** Ears hear ratios: the quiet half of the range must be visible too. */
function loudness(/** @type {number} */ level) {
  return Math.min(1, Math.sqrt(level * 3.2));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2D} brush
 */
function fit(canvas, brush) {
  const size = canvas.clientWidth || 1;
  const pixels = Math.round(size * Math.min(2, devicePixelRatio || 1));
  if (canvas.width !== pixels || canvas.height !== pixels) {
    canvas.width = pixels;
    canvas.height = pixels;
  }
  brush.setTransform(pixels / size, 0, 0, pixels / size, 0, 0);
  return size;
}

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    bright: read('--orb-bright'),
    deep: read('--orb-deep'),
    haze: read('--orb-haze'),
    candidate: read('--candidate'),
  };
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {{size: number, ripple: number, colour: string}} look
 */
function drawRings(brush, { size, ripple, colour }) {
  brush.strokeStyle = colour;
  brush.lineWidth = 2;
  for (let ring = 0; ring < 3; ring += 1) {
    brush.globalAlpha = Math.max(0, ripple - ring * 0.22) * 0.8;
    brush.beginPath();
    brush.arc(0, 0, size * (0.345 + ring * 0.05 + ripple * 0.035), 0, TAU);
    brush.stroke();
  }
  brush.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {{size: number, voice: number, seconds: number, isStill: boolean,
 *   colours: {bright: string, deep: string, haze: string}}} look
 */
function drawBody(brush, { size, voice, seconds, colours, isStill }) {
  const time = isStill ? 0 : seconds;
  const breath = 1 + Math.sin(time * 0.9) * 0.015 + voice * 0.16;
  const radius = size * 0.26 * breath;
  const wobble = size * (0.006 + voice * 0.022);
  brush.globalAlpha = 0.3;
  brush.fillStyle = colours.haze;
  trace(brush, { radius: radius * 1.16, wobble: wobble * 1.6, time: time * 0.7 + 9 });
  brush.globalAlpha = 0.55;
  trace(brush, { radius: radius * 1.08, wobble: wobble * 1.3, time: time * 0.9 + 4 });
  brush.globalAlpha = 1;
  const shade = brush.createRadialGradient(
    -radius * 0.35,
    -radius * 0.45,
    radius * 0.1,
    0,
    0,
    radius * 1.25,
  );
  shade.addColorStop(0, colours.bright);
  shade.addColorStop(1, colours.deep);
  brush.fillStyle = shade;
  trace(brush, { radius, wobble, time });
}

/**
 * A closed curve around the centre, disturbed by three slow waves.
 *
 * @param {CanvasRenderingContext2D} brush
 * @param {{radius: number, wobble: number, time: number}} shape
 */
function trace(brush, { radius, wobble, time }) {
  brush.beginPath();
  for (let i = 0; i <= POINTS; i += 1) {
    const angle = (i / POINTS) * TAU;
    const wave =
      Math.sin(angle * 2 + time) +
      Math.sin(angle * 3 - time * 1.3) +
      Math.sin(angle * 5 + time * 0.7) * 0.5;
    const distance = radius + wave * wobble;
    const x = Math.cos(angle) * distance;
    const y = Math.sin(angle) * distance;
    if (i === 0) brush.moveTo(x, y);
    else brush.lineTo(x, y);
  }
  brush.closePath();
  brush.fill();
}
