/** Line icons on a 24 px grid. They only ever accompany a text, so they are hidden from readers. */

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
  microphone:
    'M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5v3',
  microphoneOff:
    'M9 9v2.5a3 3 0 0 0 4.6 2.5M15 10.5v-4a3 3 0 0 0-5.8-1.1M5.5 11a6.5 6.5 0 0 0 10.2 5.3M18.5 11a6.5 6.5 0 0 1-.6 2.7M12 17.5v3M4 4l16 16',
  speaker: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
  repeat: 'M4.5 12a7.5 7.5 0 1 1 2.2 5.3M4.5 20v-4.5H9',
  rephrase: 'M4 5.5h16v10.5H11.5L7.5 19.5V16H4V5.5ZM8 9.5h8M8 12.5h5',
  skip: 'M5 5.5v13l9-6.5-9-6.5ZM18.5 5.5v13',
  think: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 7.5V12l3 2',
  ready: 'M4.5 12.5l5 5 10-11',
  pause: 'M8 5.5v13M16 5.5v13',
  keyboard: 'M3.5 6.5h17v11h-17v-11ZM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8',
  end: 'M6.5 6.5h11v11h-11v-11Z',
  send: 'M4.5 12h14M12.5 6l6 6-6 6',
  clock: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 7.5V12h4',
  list: 'M8.5 6.5h11M8.5 12h11M8.5 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01',
  voice: 'M4.5 10v4M8.25 7v10M12 4.5v15M15.75 7.5v9M19.5 10v4',
  person:
    'M12 4a3.75 3.75 0 1 1 0 7.5A3.75 3.75 0 0 1 12 4ZM5 20c.5-3.8 3.3-5.5 7-5.5s6.5 1.7 7 5.5',
  ear: 'M8 20c2.5 1 4.5-.5 4.5-2.7 0-2.3 3.5-3.1 3.5-7.3a5 5 0 0 0-10 0M9 10.5a2 2 0 0 1 4 0c0 1.5-1.8 1.7-1.8 3.3',
  quiet:
    'M4.5 11.5h11v8h-11v-8ZM7 11.5V8.75a3 3 0 0 1 6 0v2.75M17.5 7.5h2.5M17.5 11.5h2.5M17.5 15.5h2.5',
  shield:
    'M12 3.5l7 2.7v5.3c0 4.3-2.9 7.3-7 9-4.1-1.7-7-4.7-7-9V6.2l7-2.7ZM8.75 12l2.25 2.25 4.25-4.5',
  tab: 'M13.5 4.5h6v6M19.5 4.5l-8.5 8.5M17.5 14v5.5h-13v-13H10',
  copy: 'M9 9h10.5v10.5H9V9ZM5 15H4.5V4.5H15V5',
  check: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM8.25 12.25l2.6 2.6 5-5.4',
  alert: 'M12 4l9 15.5H3L12 4ZM12 10v4M12 16.75h.01',
  link: 'M10 14l4-4M8.5 11.5l-2.3 2.3a3.2 3.2 0 0 0 4.5 4.5l2.3-2.3M15.5 12.5l2.3-2.3a3.2 3.2 0 0 0-4.5-4.5L11 8',
  arrow: 'M5 12h14M13 6l6 6-6 6',
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name @returns {SVGSVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  svg.classList.add('icon');
  if (name === 'send' || name === 'arrow' || name === 'skip') svg.classList.add('directional');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
