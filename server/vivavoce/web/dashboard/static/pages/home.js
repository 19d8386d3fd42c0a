/** Home: what waits for a person, what happens now, and what went wrong. */

import { h } from '/embed/app/dom.js';
import { list, may } from '../api.js';
import { applicationList } from '../decisions.js';
import { sessionList } from '../interviews.js';
import { offerInvitation } from '../inviting.js';
import { pageAddress } from '../links.js';
import { showList } from '../list.js';
import { announceTrouble } from '../parts.js';

const NEWEST = 5;
const place = /** @type {HTMLElement} */ (document.getElementById('page'));

/**
 * @typedef {{one: string, many: string, path: string, query: Record<string, string>, page: string, needs: string[], isTrouble?: boolean}} Tile
 * @type {Tile[]}
 */
const TILES = [
  {
    one: 'new application',
    many: 'new applications',
    path: '/applications',
    query: { status: 'applied' },
    page: 'applications',
    needs: ['candidates.read'],
  },
  {
    one: 'interviewed, to be decided',
    many: 'interviewed, to be decided',
    path: '/applications',
    query: { status: 'completed' },
    page: 'applications',
    needs: ['candidates.read'],
  },
  {
    one: 'interview going on',
    many: 'interviews going on',
    path: '/sessions',
    query: { status: 'in_progress' },
    page: 'sessions',
    needs: ['interviews.read'],
  },
  {
    one: 'mail failed',
    many: 'mails failed',
    path: '/outbox',
    query: { status: 'failed' },
    page: 'mail',
    needs: ['interviews.read', 'candidates.read'],
    isTrouble: true,
  },
  {
    one: 'mail uncertain',
    many: 'mails uncertain',
    path: '/outbox',
    query: { status: 'uncertain' },
    page: 'mail',
    needs: ['interviews.read', 'candidates.read'],
    isTrouble: true,
  },
  {
    one: 'webhook failed',
    many: 'webhooks failed',
    path: '/webhook-deliveries',
    query: { status: 'failed' },
    page: 'webhooks',
    needs: ['webhooks.read'],
    isTrouble: true,
  },
];

/** What went wrong is shown only when something did. @param {Tile} tile */
async function tileOf({ one, many, path, query, page, isTrouble = false }) {
  const { meta } = await list(path, { ...query, pageSize: 1 });
  if (isTrouble && meta.total === 0) return null;
  return h(
    'a',
    { class: `tile${isTrouble ? ' bad' : ''}`, href: pageAddress(page, query) },
    h('b', { text: meta.total.toLocaleString() }),
    h('span', { text: meta.total === 1 ? one : many }),
  );
}

async function showTiles() {
  const open = TILES.filter(({ needs }) => needs.every(may));
  try {
    tiles.replaceChildren(...(await Promise.all(open.map(tileOf))).filter((each) => each !== null));
  } catch (error) {
    announceTrouble(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} title @param {string} page @param {Record<string, string>} query */
function part(title, page, query) {
  const box = h(
    'section',
    { class: 'part' },
    h(
      'div',
      { class: 'part-head' },
      h('h2', { text: title }),
      h('a', {
        href: pageAddress(page, query),
        text: 'Show all',
        'aria-label': `Show all: ${title}`,
      }),
    ),
  );
  place.append(box);
  return box;
}

const tiles = h('div', { class: 'tiles' });
place.append(tiles);
showTiles();

/** @type {{load: () => Promise<void>}[]} */
const lists = [];

/** A decision moves somebody from one list to another. */
const reload = () => Promise.all([...lists.map((each) => each.load()), showTiles()]);

if (may('candidates.read')) {
  const waiting = { ...applicationList(reload), pageSize: NEWEST };
  lists.push(
    showList(part('New applications', 'applications', { status: 'applied' }), {
      ...waiting,
      label: 'New applications',
      fixed: { status: 'applied' },
      empty: { title: 'No new applications', text: 'Whoever applies appears here.' },
    }),
    showList(part('Interviewed, to be decided', 'applications', { status: 'completed' }), {
      ...waiting,
      label: 'Interviewed, to be decided',
      fixed: { status: 'completed' },
      empty: { title: 'Nobody waits for a decision' },
    }),
  );
}
if (may('interviews.read')) {
  lists.push(
    showList(part('Latest interviews', 'sessions', {}), {
      ...sessionList(reload),
      label: 'Latest interviews',
      fixed: {},
      pageSize: NEWEST,
    }),
  );
}
offerInvitation(reload);
