/** @file The words of a caption that was kept: where they stand in its text, and when they were said. Pure. */

/**
 * @typedef {import("./types.js").Word} Word
 *
 * @typedef {object} TimedWord
 * @property {number} from its first character
 * @property {number} to the first character after it
 * @property {number} start seconds
 * @property {number} end seconds
 */

/** A word is no longer heard so many seconds after its caption has ended. */
const AFTERGLOW_S = 0.3;

/**
 * A caption's words with their times. Where the kept words are not just what the text says, the times
 * are spread over the text by its characters.
 * @param {{text: string, start: number, end: number}} caption
 * @param {readonly Word[]} words
 * @returns {TimedWord[]}
 */
export function timedWords({ text, start, end }, words) {
  return aligned(text, words) ?? spread(text, start, end);
}

/**
 * @param {string} text
 * @param {readonly Word[]} words
 * @returns {TimedWord[] | null}
 */
function aligned(text, words) {
  /** @type {TimedWord[]} */
  const found = [];
  let at = 0;
  for (const [word, start, end] of words) {
    const from = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    if (!word || !text.startsWith(word, from)) return null;
    at = from + word.length;
    found.push({ from, to: at, start, end });
  }
  return found.length && !text.slice(at).trim() ? found : null;
}

/**
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @returns {TimedWord[]}
 */
function spread(text, start, end) {
  const perCharacter = (end - start) / Math.max(1, text.length);
  return [...text.matchAll(/\S+/gu)].map(({ 0: word, index }) => {
    const to = index + word.length;
    return { from: index, to, start: start + index * perCharacter, end: start + to * perCharacter };
  });
}

/**
 * The word that is heard at a time, or that was heard last in a pause between two.
 * @param {readonly TimedWord[]} words
 * @param {number} time seconds
 * @returns {number} its index; -1 before the first and well after the last
 */
export function wordAt(words, time) {
  const last = words.at(-1);
  if (!last || time > last.end + AFTERGLOW_S) return -1;
  return words.findLastIndex(({ start }) => start <= time);
}
