/**
 * @file Captions that were said off the record: shown to who was there, and in no journal, so they have
 * no number. Each stands after the entry that was the newest when it came. Pure.
 */

import { captionOfInterim } from "./caption-of.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {import("./caption-store.js").Hole} Hole
 * @typedef {{after: number, caption: Caption}} Passed
 */

/** No more are kept on the page: the oldest go. */
const MOST = 1000;

/** What has passed, in the order in which it came. */
export class Passing {
  /** @type {Passed[]} */
  #all = [];

  /**
   * @param {import("./types.js").Interim} interim one that is done
   * @param {number} after the newest entry
   * @returns {Caption | null} null when it is here already
   */
  add(interim, after) {
    if (this.#all.some(({ caption }) => caption.id === interim.id)) return null;
    const caption = { ...captionOfInterim(interim), final: true };
    this.#all.push({ after, caption });
    if (this.#all.length > MOST) this.#all.shift();
    return caption;
  }

  get last() {
    return this.#all.at(-1)?.caption ?? null;
  }

  /** @param {string} id */
  has(id) {
    return this.#all.some(({ caption }) => caption.id === id);
  }

  /**
   * What stands after an entry and before the next one.
   * @param {number} seq
   * @returns {Caption[]}
   */
  after(seq) {
    return this.#all.filter(({ after }) => after === seq).map(({ caption }) => caption);
  }

  /**
   * Put what has passed in its place among rows.
   * @param {(Entry | Hole)[]} rows ascending
   * @param {number} last no row beyond this is wanted
   */
  woven(rows, last) {
    const waiting = this.#all.filter(({ after }) => after <= last);
    if (waiting.length === 0) return rows;
    /** @type {(Entry | Hole)[]} */
    const woven = [];
    for (const row of rows) {
      const from = row.kind === "hole" ? row.from : row.seq;
      while (waiting[0] && waiting[0].after < from) woven.push(.../** @type {Passed[]} */ (waiting.splice(0, 1)).map(({ caption }) => caption));
      woven.push(row);
    }
    return [...woven, ...waiting.map(({ caption }) => caption)];
  }
}
