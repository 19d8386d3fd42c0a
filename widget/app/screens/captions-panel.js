/** Both sides of the conversation in writing. Readers hear each caption once, when it is final. */

import { clockText, h, setText } from '../dom.js';
import { icon } from '../icons.js';

const NEAR_END_PX = 60;

/**
 * @param {import('../captions.js').Caption} caption
 * @param {import('../i18n.js').Translate} t
 */
export function captionItem(caption, t) {
  const text = h('p', { class: 'caption-text', dir: 'auto', text: caption.text });
  const who = h(
    'span',
    { class: 'caption-who' },
    icon(caption.who === 'candidate' ? 'person' : 'voice'),
  );
  who.append(h('span', { text: t(`live.who_${caption.who}`) }));
  const element = h('li', { class: `caption ${caption.who}` }, who, text);
  return { element, text };
}

/** @param {import('../i18n.js').Translate} t */
export function captionsPanel(t) {
  const list = h('ol', { class: 'captions-list', tabindex: 0, 'aria-label': t('live.captions') });
  const empty = h('p', { class: 'captions-empty', text: t('live.captions_empty') });
  const spoken = h('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  const noted = notedEvents(t);
  const element = h(
    'section',
    { class: 'captions' },
    h('h2', { text: t('live.captions') }),
    empty,
    list,
    spoken,
    noted.element,
  );
  // Whoever scrolled back to read stays there; everybody else follows the conversation.
  let isFollowing = true;
  const follow = () => {
    if (isFollowing) list.scrollTop = list.scrollHeight;
  };
  list.addEventListener('wheel', () => requestAnimationFrame(notePlace), { passive: true });
  list.addEventListener('touchmove', () => requestAnimationFrame(notePlace), { passive: true });
  list.addEventListener('keyup', () => notePlace());
  const notePlace = () => {
    isFollowing = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
  };
  const resized = new ResizeObserver(follow);
  resized.observe(list);
  /** @type {Map<string, ReturnType<typeof captionItem>>} */
  const items = new Map();
  /** @type {Map<string, string>} */
  const announced = new Map();

  /** @param {import('../captions.js').Caption} caption */
  const show = (caption) => {
    const item = items.get(caption.key) ?? captionItem(caption, t);
    if (!items.has(caption.key)) list.append(item.element);
    items.set(caption.key, item);
    setText(item.text, caption.text);
    item.element.classList.toggle('tentative', !caption.final && caption.who === 'candidate');
    if (!caption.final || announced.get(caption.key) === caption.text) return;
    announced.set(caption.key, caption.text);
    setText(spoken, `${t(`live.who_${caption.who}`)}: ${caption.text}`);
  };

  return {
    element,
    dispose: () => resized.disconnect(),
    update(/** @type {import('../view-state.js').ViewState} */ { captions, noted: events }) {
      const keys = new Set(captions.map((caption) => caption.key));
      for (const [key, item] of items) {
        if (keys.has(key)) continue;
        item.element.remove();
        items.delete(key);
      }
      captions.forEach(show);
      empty.hidden = captions.length > 0;
      list.hidden = captions.length === 0;
      follow();
      noted.update(events);
    },
  };
}

/** What was noted about the session is shown to the one it is about. @param {import('../i18n.js').Translate} t */
function notedEvents(t) {
  const summary = h('summary', {});
  const list = h('ul', {});
  const element = h(
    'details',
    { class: 'noted' },
    summary,
    h('p', { class: 'fine', text: t('live.noted_hint') }),
    list,
  );
  let count = -1;
  return {
    element,
    update(/** @type {readonly import('../view-state.js').Noted[]} */ events) {
      if (events.length === count) return;
      count = events.length;
      setText(summary, t('live.noted', { count }));
      const items = events.map(({ kind, at }) =>
        h('li', { text: `${clockText(at)}  ${t(`signal.${kind}`)}` }),
      );
      list.replaceChildren(...(count ? items : [h('li', { text: t('live.noted_empty') })]));
    },
  };
}
