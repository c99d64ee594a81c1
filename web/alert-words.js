/**
 * @file Finds a listener's own words in what is said: whole words, whatever their case and accents, in
 * any script. Pure. What the listener wrote is compared letter by letter, never run as a pattern.
 *
 * Text is folded first: width and ligatures as Unicode's compatibility says, no accents, one case, one
 * kind of apostrophe, and one space for spaces and hyphens. Vowel signs that make another word of a
 * word, as in Devanagari, Thai or kana, stay.
 */

/**
 * @typedef {object} Hit
 * @property {number} start its first character, as JavaScript counts them
 * @property {number} end the first character after it
 * @property {string} word as the listener wrote it
 */

/** What people perceive as one letter: a base and its marks, or the parts of a Korean syllable. */
const CLUSTERS = /[\u1100-\u115f][\u1160-\u11a7]*[\u11a8-\u11ff]*|\P{M}\p{M}*|\p{M}+/gu;
/** Accents of European scripts, and the vowel points and tatweel that Hebrew and Arabic leave out. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/gu;
const APOSTROPHES = /[\u2018\u2019\u02bc\uff07]/gu;
const SPACES = /^[\s\u00ad\u2010-\u2014\u200b-]+$/u;
const WORD = /[\p{L}\p{N}\p{M}_]/u;
/** Scripts that put no space between words, and Korean, whose particles follow a word at once. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}\p{sc=Hang}]/u;

/** Folded text, and where each of its characters comes from. */
class Folded {
  text = "";
  /** @type {number[]} where the letter begins that a folded character is of */
  starts = [];
  /** @type {number[]} where it ends */
  ends = [];

  /** @param {string} text */
  constructor(text) {
    for (const { 0: cluster, index } of text.matchAll(CLUSTERS)) this.#add(fold(cluster), index, cluster.length);
  }

  /**
   * @param {string} letters
   * @param {number} start
   * @param {number} length
   */
  #add(letters, start, length) {
    if (letters === " " && this.text.endsWith(" ")) {
      this.ends[this.ends.length - 1] = start + length;
      return;
    }
    this.text += letters;
    for (let i = 0; i < letters.length; i++) {
      this.starts.push(start);
      this.ends.push(start + length);
    }
  }

  /**
   * Whether a word may begin or end before a folded character: never within a letter.
   * @param {number} at
   */
  isEdge(at) {
    if (at === 0 || at === this.text.length) return true;
    if (this.starts[at] === this.starts[at - 1]) return false;
    const before = lastLetter(this.text.slice(Math.max(0, at - 2), at));
    const after = String.fromCodePoint(this.text.codePointAt(at) ?? 32);
    return !(WORD.test(before) && WORD.test(after)) || UNSPACED.test(before) || UNSPACED.test(after);
  }
}

/** A listener's words, ready to be looked for. */
export class AlertWords {
  /** @type {{word: string, folded: string}[]} */
  #words;

  /** @param {readonly string[]} words as they were written; empty ones find nothing */
  constructor(words) {
    this.#words = words
      .map((word) => ({ word, folded: new Folded(word).text.trim() }))
      .filter(({ folded }) => folded);
  }

  /** Whether there is nothing to look for. */
  get none() {
    return this.#words.length === 0;
  }

  /**
   * Where the words are in a text, in order; one that lies within a longer one is not told.
   * @param {string} text
   * @returns {Hit[]}
   */
  find(text) {
    if (this.none || !text) return [];
    const folded = new Folded(text);
    const hits = this.#words.flatMap(({ word, folded: wanted }) => [...places(folded, wanted, word)]);
    hits.sort((one, other) => one.start - other.start || other.end - one.end);
    return hits.filter((hit, i) => !hits.some((other, j) => i !== j && covers(other, hit, j < i)));
  }
}

/**
 * @param {Folded} folded
 * @param {string} wanted
 * @param {string} word
 * @returns {Generator<Hit>}
 */
function* places(folded, wanted, word) {
  for (let at = folded.text.indexOf(wanted); at >= 0; at = folded.text.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (!folded.isEdge(at) || !folded.isEdge(end)) continue;
    yield { start: Number(folded.starts[at]), end: Number(folded.ends[end - 1]), word };
  }
}

/**
 * @param {Hit} outer
 * @param {Hit} inner
 * @param {boolean} first whether the outer one counts where both are the same
 */
function covers(outer, inner, first) {
  if (outer.start > inner.start || outer.end < inner.end) return false;
  return outer.end - outer.start > inner.end - inner.start || first;
}

/** @param {string} cluster */
function fold(cluster) {
  if (SPACES.test(cluster)) return " ";
  const plain = cluster.normalize("NFKD").replace(ACCENTS, "").normalize("NFC");
  return plain.replace(APOSTROPHES, "'").toUpperCase().toLowerCase().replace(/ς/gu, "σ");
}

/** @param {string} text up to two code units */
function lastLetter(text) {
  return [...text].at(-1) ?? " ";
}
