/** @file What this page knows of a room's captions. Pure: no page, no network, no clock. */

import { SECOND_PASS, captionOfFinal, captionOfInterim } from "./caption-of.js";
import { Passing } from "./passing.js";
import { SeqRanges } from "./seq-ranges.js";

/**
 * @typedef {import("./types.js").Person} Person
 * @typedef {import("./types.js").Interim} Interim
 * @typedef {import("./types.js").EntryMessage} EntryMessage
 * @typedef {import("./types.js").FinalMessage} FinalMessage
 * @typedef {import("./types.js").CorrectionMessage} CorrectionMessage
 *
 * @typedef {object} Caption
 * @property {"caption"} kind
 * @property {number} seq 0 while it is an interim
 * @property {string} id
 * @property {number} rev
 * @property {number} start
 * @property {number} end
 * @property {Person | null} speaker
 * @property {string} text
 * @property {string} language
 * @property {boolean} final
 * @property {boolean} corrected by a person
 * @property {boolean} [improved] by a second pass
 * @property {Person[]} [overlap] who else spoke at the same time, where anybody did
 * @property {number} instance the one of the room that it was said in; 0 while it is an interim
 * @property {boolean} [kept] false where it was said off the record
 * @property {number[]} [doubts] where it may be wrong, as `doubtsOf` gives it, where it may be
 *
 * @typedef {object} Gap
 * @property {"gap"} kind
 * @property {number} seq
 * @property {number} start
 * @property {number} end
 * @property {string} reason
 * @property {number} instance
 * @property {boolean} [silent] whether the sound is lost, and not captions alone
 *
 * @typedef {Caption | Gap} Entry
 * @typedef {{kind: "correction", seq: number, id: string, rev: number, text: string}} Correction
 * @typedef {{kind: "hole", from: number, to: number}} Hole entries that are not loaded
 *
 * @typedef {"none" | "interims" | "passed" | "appended" | "inserted" | "revised"} Change what a message
 *   did; `appended` is one new last entry, `inserted` is anything before the last, `passed` is a whole
 *   caption that is not kept
 */

/** Each entry of such a span is a gap with all of it: it is told once. */
const WITHHELD = Object.freeze(["unpublished", "deleted", "cut"]);
/** More corrections are not kept for captions that are not loaded: a page brings those of its captions. */
const MOST_EARLY = 500;

/** The journal's entries in the order of their numbers, and the interims after them. */
export class CaptionStore {
  /** @type {Entry[]} */
  #entries = [];
  /** The numbers that are here; what was let go is not among them. */
  #seen = new SeqRanges();
  #latestSeq = 0;
  /** @type {Map<string, Interim>} */
  #interims = new Map();
  /** @type {Map<string, Caption>} */
  #finals = new Map();
  /** @type {Map<string, CorrectionMessage>} corrections of captions that are not loaded yet */
  #early = new Map();
  /** @type {Map<number, Correction>} by number, for who reads the journal in its order */
  #corrections = new Map();
  #passing = new Passing();
  /** Words of less confidence may be wrong; 0 for no such words. */
  unsureBelow = 0;
  /** True when the room's first entry is here. */
  complete = false;

  /** @returns {readonly Entry[]} finals and gaps, oldest first */
  get entries() {
    return this.#entries;
  }

  /** @returns {Caption[]} what is still being said, in the order of its beginning */
  get interims() {
    return [...this.#interims.values()].sort((a, b) => a.start - b.start).map(captionOfInterim);
  }

  /** @returns {number} the newest number seen: where a new connection goes on */
  get latestSeq() {
    return this.#latestSeq;
  }

  /** @returns {number} the oldest number that is here: what to ask older entries before */
  get oldestSeq() {
    return this.#seen.lowest;
  }

  /**
   * What belongs to a range of numbers: entries, and holes where none were loaded yet.
   * @param {number} first
   * @param {number} last
   * @returns {(Entry | Hole)[]}
   */
  rows(first, last) {
    /** @type {(Entry | Hole)[]} */
    const rows = [];
    const holes = this.#seen.holes(first, last);
    for (const entry of this.#entries) {
      if (entry.seq > last) break;
      while (holes[0] && holes[0].from < entry.seq) rows.push(holeOf(holes.shift()));
      rows.push(entry);
    }
    return this.#passing.woven([...rows, ...holes.map(holeOf)], last);
  }

  /**
   * Let entries go outside some stretches of numbers: they are holes again, and can be loaded anew.
   * @param {readonly {from: number, to: number}[]} kept ascending, and apart from each other
   */
  release(kept) {
    const { lowest } = this.#seen;
    this.#seen.keepOnly(kept);
    this.#entries = this.#entries.filter((entry) => {
      const stays = this.#seen.has(entry.seq);
      if (!stays && entry.kind === "caption") this.#finals.delete(entry.id);
      return stays;
    });
    if (this.#seen.lowest !== lowest) this.complete = false;
  }

  /**
   * What was said off the record between an entry and the next one.
   * @param {number} seq
   */
  passedAfter(seq) {
    return this.#passing.after(seq);
  }

  /** The newest caption that was said off the record. */
  get lastPassed() {
    return this.#passing.last;
  }

  /** @param {number} seq */
  has(seq) {
    return this.#seen.has(seq);
  }

  /**
   * The entry with a number or, where that is a correction's, the last one before it.
   * @param {number} seq
   * @returns {Entry | undefined}
   */
  entryAt(seq) {
    return this.#entries[Math.max(0, firstAfter(this.#entries, seq) - 1)];
  }

  /**
   * What the journal has under a number.
   * @param {number} seq
   * @returns {Entry | Correction | "nothing" | "unknown"} `unknown` is not loaded
   */
  journalAt(seq) {
    if (!this.has(seq)) return "unknown";
    const entry = this.entryAt(seq);
    return entry?.seq === seq ? entry : (this.#corrections.get(seq) ?? "nothing");
  }

  /**
   * Take one entry of the journal; one that is known already changes nothing.
   * @param {EntryMessage} message
   * @returns {Change}
   */
  add(message) {
    if (!this.#seen.add(message.seq)) return "none";
    this.#latestSeq = Math.max(this.#latestSeq, message.seq);
    if (message.type === "correction") {
      const { seq, id, rev, text } = message;
      this.#corrections.set(seq, { kind: "correction", seq, id, rev, text });
      return this.#correct(message);
    }
    if (message.type === "gap") {
      const { seq, start, end, reason, instance = 0 } = message;
      if (reason !== "off-record") this.#dropInterimsBefore(end);
      /** @type {Gap} */
      const gap = { kind: "gap", seq, start, end, reason, instance };
      return this.#isTold(gap) ? "none" : this.#insert(gap);
    }
    return this.#addFinal(message);
  }

  /**
   * Take a page of older entries.
   * @param {import("./types.js").HistoryMessage} message
   * @returns {Change}
   */
  addHistory({ items, more, corrections = [] }) {
    const lowest = items.length ? Math.min(...items.map((item) => item.seq)) : this.oldestSeq;
    const seen = this.#seen;
    const fresh = items.filter((item) => !seen.has(item.seq));
    const ids = new Set(fresh.map((item) => (item.type === "final" ? item.id : "")));
    for (const item of corrections) if (ids.has(item.id)) this.#correct(item);
    let changed = fresh.length > 0;
    for (const item of fresh) changed = this.add(item) !== "none" || changed;
    if (!more && lowest <= this.oldestSeq) this.complete = true;
    return changed ? "inserted" : "none";
  }

  /**
   * Take what is being said now; stale ones are ignored and an empty one is withdrawn.
   * @param {Interim} interim
   * @returns {Change}
   */
  setInterim(interim) {
    const known = this.#interims.get(interim.id);
    if (this.#passing.has(interim.id)) return "none";
    if (interim.done) {
      this.#interims.delete(interim.id);
      return this.#passing.add(interim, this.#latestSeq) ? "passed" : "none";
    }
    if (this.#finals.has(interim.id) || (known && known.rev >= interim.rev)) return "none";
    if (!interim.text) return this.#interims.delete(interim.id) ? "interims" : "none";
    this.#interims.set(interim.id, interim);
    return "interims";
  }

  /** Forget what was being said: it went stale while nothing could be heard. */
  clearInterims() {
    this.#interims.clear();
  }

  /** @param {Gap} gap */
  #isTold({ reason, instance, start, end }) {
    if (!WITHHELD.includes(reason)) return false;
    return this.#entries.some(
      (one) =>
        one.kind === "gap" &&
        one.reason === reason &&
        one.instance === instance &&
        one.start === start &&
        one.end === end,
    );
  }

  /** @param {number} time */
  #dropInterimsBefore(time) {
    for (const [id, interim] of this.#interims) {
      if (interim.start < time) this.#interims.delete(id);
    }
  }

  /**
   * @param {FinalMessage} message
   * @returns {Change}
   */
  #addFinal(message) {
    // What fills a gap was written when the room was over, and its number leads to the end of it:
    // it has its place in the transcript and on the recording's page.
    if (message.source === SECOND_PASS) return "none";
    const withdrew = this.#interims.delete(message.id);
    if (!message.text) return withdrew ? "interims" : "none";
    const early = this.#early.get(message.id);
    this.#early.delete(message.id);
    const caption = captionOfFinal(message, early, this.unsureBelow);
    this.#finals.set(caption.id, caption);
    return this.#insert(caption);
  }

  /**
   * @param {CorrectionMessage} message
   * @returns {Change}
   */
  #correct(message) {
    const caption = this.#finals.get(message.id);
    if (!caption) {
      const known = this.#early.get(message.id);
      if (!known || known.rev < message.rev) this.#early.set(message.id, message);
      if (this.#early.size > MOST_EARLY) this.#early.delete(firstOf(this.#early.keys()));
      return "none";
    }
    if (message.rev <= caption.rev) return "none";
    const byPerson = message.by?.id !== SECOND_PASS;
    const corrected = { ...caption, text: message.text, rev: message.rev, corrected: caption.corrected || byPerson };
    delete corrected.doubts; // they were of other words
    this.#finals.set(caption.id, corrected);
    this.#entries[this.#entries.indexOf(caption)] = corrected;
    return "revised";
  }

  /**
   * @param {Entry} entry
   * @returns {Change}
   */
  #insert(entry) {
    const last = this.#entries.at(-1);
    if (!last || last.seq < entry.seq) {
      this.#entries.push(entry);
      return "appended";
    }
    this.#entries.splice(firstAfter(this.#entries, entry.seq), 0, entry);
    return "inserted";
  }
}

/**
 * @param {Iterable<string>} all not empty
 * @returns {string}
 */
function firstOf(all) {
  const [first = ""] = all;
  return first;
}

/**
 * @param {{from: number, to: number} | undefined} stretch
 * @returns {Hole}
 */
function holeOf(stretch) {
  const { from, to } = /** @type {{from: number, to: number}} */ (stretch);
  return { kind: "hole", from, to };
}

/**
 * @param {readonly Entry[]} entries
 * @param {number} seq
 * @returns {number} the index of the first entry with a higher number
 */
function firstAfter(entries, seq) {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {Entry} */ (entries[middle]).seq > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}
