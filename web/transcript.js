/** @file A recording's transcript: what was said, and what is missing, in the order of time. Pure. */

import { SECOND_PASS } from "./caption-of.js";
import { indexAt } from "./playback.js";
import { timedWords } from "./transcript-words.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {import("./types.js").Person} Person
 * @typedef {import("./types.js").Word} Word
 *
 * @typedef {object} KeptCaption as the transcript's JSON has it
 * @property {string} id
 * @property {number} start
 * @property {number} end
 * @property {Person | null} speaker
 * @property {string} text
 * @property {string} [language]
 * @property {Word[]} [words]
 * @property {Person[]} [overlap]
 * @property {number} [rev]
 * @property {string} [source]
 * @property {{by?: Person | null}[]} [revisions] every text that it had, and who it is by
 *
 * @typedef {{start: number, end: number, reason: string, silent?: boolean}} Span
 * @typedef {{captions?: KeptCaption[], gaps?: Span[]}} TranscriptJson
 */

/** Entries are numbered from 1 on in the order of their beginning: they have come from two lists. */
export class Transcript {
  /** @type {Entry[]} */
  entries;
  /** @type {Caption[]} */
  captions;
  /** @type {Map<string, readonly Word[]>} */
  #words;
  /** @type {Map<string, import("./transcript-words.js").TimedWord[]>} of what was drawn or heard */
  #timed = new Map();

  /**
   * @param {TranscriptJson} json
   * @param {{instance: number, losses: readonly import("./types.js").Loss[]}} recording
   */
  constructor({ captions = [], gaps = [] }, { instance, losses }) {
    const said = captions.filter(({ text }) => text);
    const lost = losses.map(({ start_s, duration_s, reason }) => ({ start: start_s, end: start_s + duration_s, reason, silent: true }));
    this.entries = [...said.map((one) => captionOf(one, instance)), ...[...gaps, ...lost].map((span) => gapOf(span, instance))];
    this.entries.sort((one, other) => one.start - other.start);
    for (const [index, entry] of this.entries.entries()) entry.seq = index + 1;
    this.captions = this.entries.filter((entry) => entry.kind === "caption");
    this.#words = new Map(said.map(({ id, words = [] }) => [id, words]));
  }

  /**
   * The caption that is heard at a time, or was last.
   * @param {number} time seconds
   */
  at(time) {
    return this.captions[indexAt(this.captions, time)] ?? null;
  }

  /** @param {Caption} caption */
  wordsOf(caption) {
    const known = this.#timed.get(caption.id);
    if (known) return known;
    const words = timedWords(caption, this.#words.get(caption.id) ?? []);
    this.#timed.set(caption.id, words);
    return words;
  }

  /**
   * The caption some captions before or after another one; the first or the last one beyond them.
   * @param {Caption} caption
   * @param {number} step
   */
  beside(caption, step) {
    const index = indexAt(this.captions, caption.start);
    const here = this.captions[index] === caption ? index : this.captions.indexOf(caption);
    return this.captions[Math.min(this.captions.length - 1, Math.max(0, here + step))] ?? caption;
  }

  /** @param {number} seq */
  captionOf(seq) {
    const entry = this.entries[seq - 1];
    return entry?.kind === "caption" ? entry : null;
  }
}

/**
 * @param {KeptCaption} kept
 * @param {number} instance
 * @returns {Caption}
 */
function captionOf({ id, rev = 0, start, end, speaker, text, language = "", source = "", overlap = [], revisions = [] }, instance) {
  const base = { id, rev, start, end, speaker, text, language, instance };
  const more = overlap.length ? { overlap } : {};
  const corrected = revisions.slice(1).some(({ by }) => by?.id !== SECOND_PASS);
  const improved = !corrected && (source === SECOND_PASS || revisions.length > 1);
  return { kind: "caption", seq: 0, ...base, final: true, corrected, improved, ...more };
}

/**
 * @param {Span} span
 * @param {number} instance
 * @returns {import("./caption-store.js").Gap}
 */
function gapOf({ start, end, reason, silent = false }, instance) {
  return { kind: "gap", seq: 0, start, end, reason, instance, silent };
}
