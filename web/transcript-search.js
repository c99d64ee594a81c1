/** @file Finding words in a transcript, whole: across captions, whatever their case and accents. Pure. */

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-text.js").TextMark} TextMark
 * @typedef {{seq: number, start: number, end: number}} Part characters of one caption
 * @typedef {{folded: string, origin: readonly number[] | null}} Folded text, and which character each
 *   of its own comes from, with one more at its end; null where they are the same
 * @typedef {Part[]} Match the parts of what was found; one where it lies within one caption
 */

/** Without accents, and as long in lower case: most of what is said in English. */
const isPlain = /^[\x00-\x7f]*$/;
/** More than this are not counted. */
export const MOST_FOUND = 5000;

/** A transcript made ready for being searched again and again. */
export class TranscriptSearch {
  #captions;
  #folded = "";
  /** @type {number[]} where each caption begins in the folded text */
  #begins = [];
  /** @type {Folded[]} */
  #folds = [];

  /** @param {readonly Caption[]} captions */
  constructor(captions) {
    this.#captions = captions;
    /** @type {string[]} */
    const all = [];
    let length = 0;
    for (const [index, { text, speaker }] of captions.entries()) {
      // What two people said is not one phrase.
      const before = captions[index - 1];
      if (before) all.push(before.speaker?.id === speaker?.id ? " " : "\n");
      if (before) length += 1;
      const fold = folded(text);
      this.#begins.push(length);
      this.#folds.push(fold);
      all.push(fold.folded);
      length += fold.folded.length;
    }
    this.#folded = all.join("");
  }

  /**
   * @param {string} query
   * @returns {Match[]} in their order
   */
  find(query) {
    const wanted = folded(query.trim().replaceAll(/\s+/g, " ")).folded;
    /** @type {Match[]} */
    const found = [];
    if (!wanted) return found;
    for (let at = this.#folded.indexOf(wanted); at >= 0 && found.length < MOST_FOUND; ) {
      found.push(this.#parts(at, at + wanted.length));
      at = this.#folded.indexOf(wanted, at + wanted.length);
    }
    return found;
  }

  /**
   * @param {number} from
   * @param {number} to
   * @returns {Match}
   */
  #parts(from, to) {
    const parts = [];
    for (let i = this.#captionAt(from); i < this.#captions.length; i++) {
      const begin = /** @type {number} */ (this.#begins[i]);
      if (begin >= to) break;
      const { folded, origin } = /** @type {Folded} */ (this.#folds[i]);
      const [first, end] = [Math.max(0, from - begin), Math.min(folded.length, to - begin)];
      if (first >= end) continue;
      const { seq } = /** @type {Caption} */ (this.#captions[i]);
      parts.push({ seq, start: origin?.[first] ?? first, end: origin?.[end] ?? end });
    }
    return parts;
  }

  /** @param {number} at */
  #captionAt(at) {
    let [low, high] = [0, this.#begins.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (/** @type {number} */ (this.#begins[middle]) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/**
 * Without case and accents; white space of any kind is one space.
 * @param {string} text
 * @returns {Folded}
 */
function folded(text) {
  if (isPlain.test(text)) return { folded: text.toLowerCase().replaceAll(/\s/g, " "), origin: null };
  let folded = "";
  /** @type {number[]} */
  const origin = [];
  let at = 0;
  for (const character of text) {
    const plain = /\s/.test(character) ? " " : bare(character).toLowerCase();
    folded += plain;
    for (let i = 0; i < plain.length; i++) origin.push(at);
    at += character.length;
  }
  origin.push(at);
  return { folded, origin };
}

/** @param {string} character */
function bare(character) {
  return character < "\x80" ? character : character.normalize("NFD").replaceAll(/\p{Mn}/gu, "");
}

/**
 * The next match from a place in the transcript on, the first one after the last.
 * @param {readonly Match[]} matches
 * @param {number} seq
 * @returns {number} -1 when there is none
 */
export function matchFrom(matches, seq) {
  if (matches.length === 0) return -1;
  return Math.max(0, matches.findIndex(([part]) => part !== undefined && part.seq >= seq));
}

/**
 * The marks of what was found, by caption.
 * @param {readonly Match[]} matches
 * @param {number} current the index of the one that the reader is at
 * @returns {Map<number, TextMark[]>} by the captions' numbers
 */
export function marksOf(matches, current) {
  /** @type {Map<number, TextMark[]>} */
  const marks = new Map();
  for (const [index, parts] of matches.entries()) {
    /** @type {TextMark["kind"]} */
    const kind = index === current ? "found-here" : "found";
    for (const { seq, start, end } of parts) marks.set(seq, [...(marks.get(seq) ?? []), { start, end, kind }]);
  }
  return marks;
}
