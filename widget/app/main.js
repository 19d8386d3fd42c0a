/** Starts the frame application: reads what the server and the address say, then shows the first screen. */

import { HostPort } from './host-port.js';
import { chooseLocale, loadTexts } from './i18n.js';
import { Interview } from './interview.js';
import { takeFragment } from './launch.js';
import { isInInterview } from './phases.js';
import { createResumeStore } from './resume-store.js';
import { showStage } from './stage.js';
import { createStore } from './store.js';
import { startTimers } from './timers.js';
import { firstView } from './view-state.js';

/** @returns {import('./launch.js').FrameConfig} */
function readConfig() {
  return JSON.parse(document.getElementById('vv-config')?.textContent ?? '{}');
}

/** @param {import('./launch.js').FrameConfig} config */
function readWishes(config) {
  const query = new URLSearchParams(location.search);
  const wishes = [query.get('locale'), config.locale, ...navigator.languages];
  return { locale: chooseLocale(wishes), theme: query.get('theme') ?? config.theme };
}

/**
 * @param {import('./launch.js').FrameConfig} config
 * @param {import('./resume-store.js').ResumeStore} resume
 */
function findCredential(config, resume) {
  const fromAddress = takeFragment(location, history);
  if (fromAddress?.invitation) resume.saveInvitation(fromAddress.invitation);
  if (fromAddress ?? config.launch) return fromAddress ?? config.launch;
  const invitation = resume.loadInvitation();
  return invitation ? { invitation } : null;
}

async function main() {
  const config = readConfig();
  const { locale, theme } = readWishes(config);
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  const texts = await loadTexts(locale);
  document.documentElement.lang = texts.tag;
  document.documentElement.dir = texts.direction;
  document.title = [texts.t('app.title'), config.job_title].filter(Boolean).join(' · ');

  const resume = createResumeStore(config.embed_id);
  const credential = findCredential(config, resume);
  const host = new HostPort(config.allowed_origins ?? []);
  const store = createStore(firstView(config.consent, config.questions));
  const timers = startTimers();
  const interview = new Interview({ config, credential, store, host, timers, resume, locale });
  store.update({ isReturning: resume.load()?.started === true });
  document.documentElement.dataset.layout = host.isEmbedded ? 'inline' : 'page';
  showStage({ interview, store, texts, config, host });
  connectHost(host, interview);
  if (resume.isQueued()) interview.queueing.join();
  addEventListener('pagehide', () => interview.destroy());
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
}

/**
 * @param {HostPort} host
 * @param {Interview} interview
 */
function connectHost(host, interview) {
  host.on('config', ({ mode }) => {
    document.documentElement.dataset.layout = mode === 'inline' ? 'inline' : 'dialog';
  });
  host.on('host.visibility', ({ visible, focused }) => {
    interview.isHostFocused = focused === true;
    if (visible === false && document.visibilityState === 'visible') interview.pause();
  });
  // Sound needs a tap inside the frame, so the host can only lead to the button.
  host.on('start', () => {
    const buttons = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('main .primary')]);
    const first = buttons.find((button) => button.offsetParent !== null);
    first?.scrollIntoView({ block: 'center' });
    first?.focus();
  });
  host.on('end', () => {
    if (isInInterview(interview.view.phase)) interview.end();
  });
  host.on('destroy', () => interview.destroy());
  host.greet();
  host.post('ready');
}

main();
