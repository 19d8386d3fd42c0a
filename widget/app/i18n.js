/** Interface texts: one flat file per language, English wherever a text is missing. */

const LOCALES = '/embed/locales';
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);
export const LANGUAGES = Object.freeze(
  'ar bg zh hr cs da nl en fil fi fr de el hi hu id it ja ko ms no pl pt br ro ru sk es sv ta th tr uk vi'.split(
    ' ',
  ),
);

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Translate */
/** @typedef {{locale: string, tag: string, direction: 'ltr' | 'rtl', t: Translate}} Texts */

/**
 * The code of our list that fits a wish such as `pt-BR`, `zh_Hans` or `nb`, or null.
 *
 * @param {string} wish
 * @returns {string | null}
 */
export function matchLocale(wish) {
  const tag = wish.toLowerCase().replaceAll('_', '-');
  if (tag === 'pt-br') return 'br';
  const language = tag.split('-')[0] ?? '';
  const alias = { nb: 'no', nn: 'no', tl: 'fil' }[language] ?? language;
  return LANGUAGES.includes(alias) ? alias : null;
}

/** The BCP 47 tag of a code of our list, for `lang` and number formats. */
export function languageTag(/** @type {string} */ code) {
  return code === 'br' ? 'pt-BR' : code;
}

/**
 * @param {readonly (string | null | undefined)[]} wishes in order of preference
 */
export function chooseLocale(wishes) {
  for (const wish of wishes) {
    const match = wish && wish !== 'auto' ? matchLocale(wish) : null;
    if (match) return match;
  }
  return 'en';
}

/**
 * Names and dates may run against the text around them, so right-to-left texts isolate each value.
 *
 * @param {Record<string, string>} texts
 * @param {Record<string, string>} fallback
 * @param {'ltr' | 'rtl'} [direction]
 * @returns {Translate}
 */
export function translator(texts, fallback, direction = 'ltr') {
  const [open, close] = direction === 'rtl' ? ['\u2068', '\u2069'] : ['', ''];
  return (key, values = {}) => {
    const text = texts[key] ?? fallback[key] ?? key;
    const isolate = (/** @type {string | number} */ value) => `${open}${value}${close}`;
    return text.replace(/\{(\w+)\}/g, (whole, name) => isolate(values[name] ?? whole));
  };
}

/**
 * @param {string} locale
 * @param {typeof fetch} [load]
 * @returns {Promise<Texts>}
 */
export async function loadTexts(locale, load = fetch) {
  const [fallback, texts] = await Promise.all([
    loadFile('en', load),
    locale === 'en' ? {} : loadFile(locale, load),
  ]);
  const direction = RIGHT_TO_LEFT.has(locale) ? 'rtl' : 'ltr';
  return { locale, tag: languageTag(locale), direction, t: translator(texts, fallback, direction) };
}

/**
 * @param {string} locale
 * @param {typeof fetch} load
 * @returns {Promise<Record<string, string>>}
 */
async function loadFile(locale, load) {
  const response = await load(`${LOCALES}/${locale}.json`).catch(() => null);
  return response?.ok ? response.json() : {};
}
