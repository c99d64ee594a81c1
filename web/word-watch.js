/**
 * @file Watches what is said for a listener's words, and tells each once: at the first interim that has
 * it, or at the final. Pure: it is given every message of `captions.v1`.
 */

import { AlertWords } from "./alert-words.js";

/**
 * @typedef {import("./types.js").Person} Person
 * @typedef {import("./types.js").ServerMessage} ServerMessage
 * @typedef {import("./caption-text.js").TextMark} TextMark
 *
 * @typedef {object} Said somebody has said words of the listener's
 * @property {string} id the caption's
 * @property {number} seq 0 until it is final
 * @property {Person | null} speaker
 * @property {number} start seconds in the room clock
 * @property {string[]} words as the listener wrote them
 * @property {boolean} misheard whether the words are not in the caption after all
 *
 * @typedef {{said: Said, isNew: boolean}} News `isNew` is for words that were not told before
 *
 * @typedef {{id: string, speaker: Person | null, text: string}} Utterance
 */

/** A phrase over two captions is looked for this many characters to each side. */
const TAIL = 80;

/** One listener's watch over one room. */
export class WordWatch {
  #words = new AlertWords([]);
  /** The listener's own captions are nothing to be told of. */
  me = "";
  /** @type {Map<string, Said>} by caption */
  #told = new Map();
  /** Up to here everything was there before the listener came. */
  #since = -1;
  /** The newest entry that was heard. */
  #newest = 0;
  #track = "";
  /** @type {Utterance | null} the final before, which a phrase may have begun in */
  #before = null;
  /** @type {WeakMap<object, TextMark[]>} marks of captions that were drawn before */
  #marked = new WeakMap();
  /** @type {Map<string, TextMark[]>} what a phrase over two captions marks, by caption */
  #seams = new Map();

  /** Whether there are words to watch for. */
  get idle() {
    return this.#words.none;
  }

  /** The newest entry that needs not be looked through again. */
  get newestSeq() {
    return Math.max(this.#newest, this.#since);
  }

  /**
   * Watch for these words from now on.
   * @param {readonly string[]} words
   */
  use(words) {
    this.#words = new AlertWords(words);
    this.#marked = new WeakMap();
    this.#seams.clear();
    if (this.#since >= 0) this.#since = this.newestSeq;
  }

  /**
   * The marks on a caption's text; a caption never changes, another one takes its place.
   * @param {{id: string, text: string}} caption
   * @returns {TextMark[]}
   */
  marks(caption) {
    if (this.idle) return [];
    const own =
      this.#marked.get(caption) ?? this.#words.find(caption.text).map(({ start, end }) => markOf(start, end));
    this.#marked.set(caption, own);
    return [...own, ...(this.#seams.get(caption.id) ?? [])];
  }

  /**
   * @param {ServerMessage} message
   * @returns {News[]} what has to be told, the oldest first
   */
  hear(message) {
    switch (message.type) {
      case "welcome":
        if (this.#since < 0 || (message.track ?? "") !== this.#track) this.#begin(message.track ?? "", message.seq);
        return [];
      case "track":
        this.#begin(message.track, message.seq);
        return [];
      case "interim":
        return this.#utterance(message, 0);
      case "history":
        return message.items.flatMap((item) => this.#entry(item));
      case "final":
      case "correction":
      case "gap":
        return this.#entry(message);
      default:
        return [];
    }
  }

  /**
   * @param {string} track
   * @param {number} seq
   */
  #begin(track, seq) {
    [this.#track, this.#since, this.#newest, this.#before] = [track, seq, 0, null];
    this.#told.clear();
    this.#seams.clear();
  }

  /**
   * @param {import("./types.js").EntryMessage} entry
   * @returns {News[]}
   */
  #entry(entry) {
    const isNews = entry.seq > this.#since;
    this.#newest = Math.max(this.#newest, entry.seq);
    if (!isNews || entry.type === "gap") return [];
    if (entry.type === "correction") return this.#corrected(entry);
    const news = this.#utterance(entry, entry.seq);
    this.#before = entry;
    return news;
  }

  /**
   * A correction is told where the caption was; one of an old caption is no news.
   * @param {import("./types.js").CorrectionMessage} correction
   */
  #corrected({ id, text }) {
    const said = this.#told.get(id);
    return said ? this.#update(said, this.#words.find(text).map(({ word }) => word)) : [];
  }

  /**
   * @param {Utterance & {start: number}} utterance
   * @param {number} seq
   * @returns {News[]}
   */
  #utterance({ id, speaker, start, text }, seq) {
    if (this.idle || (speaker && speaker.id === this.me)) return [];
    const words = this.#words.find(text).map(({ word }) => word);
    words.push(...this.#acrossSeam({ id, speaker, text }));
    const known = this.#told.get(id);
    if (!known && words.length === 0) return [];
    const said = known ?? { id, seq, speaker, start, words: [], misheard: false };
    if (seq) said.seq = seq;
    this.#told.set(id, said);
    return seq || !text ? this.#update(said, words) : this.#add(said, words);
  }

  /**
   * While it is being said words come and go; what was told stays told.
   * @param {Said} said
   * @param {readonly string[]} words
   * @returns {News[]}
   */
  #add(said, words) {
    const fresh = words.filter((word) => !said.words.includes(word));
    said.words.push(...new Set(fresh));
    return fresh.length ? [{ said, isNew: true }] : [];
  }

  /**
   * The text is settled: words that are not in it were misheard.
   * @param {Said} said
   * @param {readonly string[]} words
   * @returns {News[]}
   */
  #update(said, words) {
    const added = this.#add(said, words);
    const misheard = words.length === 0;
    const changed = misheard !== said.misheard;
    said.misheard = misheard;
    if (added.length) return added;
    return changed ? [{ said, isNew: false }] : [];
  }

  /**
   * Words of phrases that began in the caption before.
   * @param {Utterance} utterance
   * @returns {string[]}
   */
  #acrossSeam({ id, speaker, text }) {
    const before = this.#before;
    if (!before || before.id === id || before.speaker?.id !== speaker?.id) return [];
    const cut = Math.max(0, before.text.length - TAIL);
    const seam = before.text.length - cut;
    const joined = `${before.text.slice(cut)} ${text.slice(0, TAIL)}`;
    const over = this.#words.find(joined).filter(({ start, end }) => start < seam && end > seam + 1);
    if (over.length) {
      this.#seams.set(before.id, over.map(({ start }) => markOf(start + cut, before.text.length)));
      this.#seams.set(id, over.map(({ end }) => markOf(0, end - seam - 1)));
    }
    return over.map(({ word }) => word);
  }
}

/**
 * @param {number} start
 * @param {number} end
 * @returns {TextMark}
 */
function markOf(start, end) {
  return { start, end, kind: "alert-word" };
}
