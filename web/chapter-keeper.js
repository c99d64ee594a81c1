/** @file A host's changes of chapters: kept one after the other, taken back, and never lost to another host's. */

import { merged } from "./chapter-edits.js";

/**
 * @typedef {import("./chapter-edits.js").Chapters} Chapters
 * @typedef {import("./chapter-edits.js").Change} Change
 * @typedef {{rev: number, edited: boolean, items: Chapters}} Kept as the API has them
 *
 * @typedef {object} Parts
 * @property {() => Promise<Kept>} read
 * @property {(rev: number, items: Chapters) => Promise<Kept>} write
 * @property {(rev: number) => Promise<Kept>} find back to those that are found in the transcript
 * @property {(mine: Chapters, theirs: Chapters) => Promise<boolean>} decide asks which stay where two
 *   people have changed the same; true for mine
 * @property {(error: unknown) => boolean} isStale whether somebody else was quicker
 * @property {() => void} onChange
 * @property {() => void} onBoth somebody else's changes were there, too
 */

/** What is shown is ahead of what is kept by the changes that wait. */
export class ChapterKeeper {
  #parts;
  /** @type {Kept} */
  #kept = { rev: 0, edited: false, items: [] };
  /** @type {(Change & {undoable: boolean})[]} */
  #waiting = [];
  /** @type {Change[]} */
  #done = [];
  #working = false;
  /** What is being kept now. */
  #running = Promise.resolve();
  /** @type {unknown} why what waits is not kept yet */
  error = null;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @returns {Chapters} with the changes that wait */
  get items() {
    return this.#waiting.reduce((items, change) => merged(change, items) ?? change.after, this.#kept.items);
  }

  /** Whether they are kept as somebody made them. */
  get edited() {
    return this.#kept.edited || this.#waiting.length > 0;
  }

  get canUndo() {
    return this.#done.length > 0 || (this.waits && !this.#working);
  }

  get waits() {
    return this.#waiting.length > 0;
  }

  /** @param {Kept} kept what the server has by now */
  are(kept) {
    if (kept.rev < this.#kept.rev) return;
    this.#kept = kept;
    this.#parts.onChange();
  }

  /** @param {Chapters} after */
  change(after) {
    return this.#add({ before: this.items, after, undoable: true });
  }

  /** Take the newest change back, and nothing that others have done since. */
  async undo() {
    while (this.#working) await this.#running;
    if (this.waits) {
      this.#waiting.pop(); // it could not be kept
      return this.#work();
    }
    const last = this.#done.pop();
    if (last) await this.#add({ before: last.after, after: last.before, undoable: false });
  }

  /** Go back to the chapters that are found in the transcript. */
  async findAgain() {
    while (this.#working) await this.#running;
    if (this.waits) return;
    await this.#guarded(async () => {
      const before = this.#kept.items;
      try {
        this.#kept = await this.#parts.find(this.#kept.rev);
      } catch (error) {
        if (!this.#parts.isStale(error)) throw error;
        // What somebody has just written is looked at first.
        this.#kept = await this.#parts.read();
        this.#parts.onBoth();
        return;
      }
      this.#done.push({ before, after: this.#kept.items });
    });
  }

  /** The recording was cut: times of before are other ones now, and nothing is put back there. */
  forget() {
    this.#done = [];
    this.#parts.onChange();
  }

  /** Try once more to keep what waits. */
  retry() {
    return this.#work();
  }

  /** @param {Change & {undoable: boolean}} change */
  async #add(change) {
    this.#waiting.push(change);
    this.#parts.onChange();
    await this.#work();
  }

  async #work() {
    if (this.#working) return;
    await this.#guarded(async () => {
      while (this.#waiting[0]) await this.#keep(this.#waiting[0]);
    });
  }

  /** @param {() => Promise<void>} work */
  #guarded(work) {
    this.#running = this.#run(work);
    return this.#running;
  }

  /** @param {() => Promise<void>} work */
  async #run(work) {
    this.#working = true;
    this.error = null;
    try {
      await work();
    } catch (error) {
      this.error = error;
    }
    this.#working = false;
    this.#parts.onChange();
  }

  /**
   * Keep a change of what the server had when it was last asked; it stays where others were quicker.
   * @param {Change & {undoable: boolean}} change
   */
  async #keep(change) {
    const { items: theirs, rev } = this.#kept;
    const wanted = merged(change, theirs);
    if (!wanted && !(await this.#parts.decide(change.after, theirs))) {
      this.#waiting.shift();
      this.#done.push({ before: change.after, after: theirs }); // to be had back
      return;
    }
    try {
      this.#kept = await this.#parts.write(rev, wanted ?? change.after);
    } catch (error) {
      if (!this.#parts.isStale(error)) throw error;
      this.#kept = await this.#parts.read();
      if (merged(change, this.#kept.items)) this.#parts.onBoth();
      return;
    }
    this.#waiting.shift();
    if (change.undoable) this.#done.push({ before: theirs, after: this.#kept.items });
    this.#parts.onChange();
  }
}
