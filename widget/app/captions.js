/** The conversation as text. */

/**
 * @typedef {object} Caption
 * @property {string} key stable for rendering
 * @property {'interviewer'|'candidate'} who
 * @property {string} text
 * @property {boolean} final
 * @property {number} revision
 * @property {number | null} turn
 */

/**
 * @typedef {object} TranscriptPiece
 * @property {'interviewer'|'candidate'} who
 * @property {number} turn
 * @property {string} text
 * @property {boolean} final
 * @property {number} revision
 */

/**
 * @param {readonly Caption[]} captions
 * @param {string} text of the utterance
 * @param {number} utt
 * @returns {readonly Caption[]}
 */
export function withUtterance(captions, text, utt) {
  const spoken = text.trim();
  if (spoken === '') return captions;
  const last = lastOf(captions, 'interviewer');
  if (last?.text.includes(spoken)) return captions;
  if (last && last === captions.at(-1) && last.turn === null) {
    return replace(captions, { ...last, text: `${last.text} ${spoken}` });
  }
  const caption = { key: `u${utt}`, text: spoken, final: false, revision: 0, turn: null };
  return [...captions, { ...caption, who: /** @type {const} */ ('interviewer') }];
}

/**
 * @param {readonly Caption[]} captions
 * @param {TranscriptPiece} piece
 * @returns {readonly Caption[]}
 */
export function withTranscript(captions, piece) {
  const known = captions.find((each) => each.who === piece.who && each.turn === piece.turn);
  const target = known ?? tentativeOf(captions, piece.who);
  const stale = known && (known.final || piece.revision < known.revision);
  if (stale && !piece.final) return captions;
  const text = piece.text.trim();
  if (text === '') return target ? captions.filter((each) => each !== target) : captions;
  const { who, turn, final, revision } = piece;
  const caption = { who, turn, final, revision, text };
  if (target) return replace(captions, { ...target, ...caption });
  return [...captions, { ...caption, key: `${who[0]}${turn}` }];
}

/**
 * Words that are not final may still move to another turn; they are the same caption.
 *
 * @param {readonly Caption[]} captions
 * @param {Caption['who']} who
 */
function tentativeOf(captions, who) {
  const last = lastOf(captions, who);
  return last && !last.final ? last : undefined;
}

/**
 * @param {readonly Caption[]} captions
 * @param {Caption['who']} who
 */
function lastOf(captions, who) {
  return captions.findLast((each) => each.who === who);
}

/**
 * @param {readonly Caption[]} captions
 * @param {Caption} caption
 */
function replace(captions, caption) {
  return captions.map((each) => (each.key === caption.key ? caption : each));
}
