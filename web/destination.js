/** @file Where the reader asked to go, until they are there. */

/**
 * @typedef {import("./caption-store.js").CaptionStore} CaptionStore
 * @typedef {import("./history-loader.js").Moment} Moment
 */

/** An entry, or a time whose entry the server looks up; at most one of them. */
export class Destination {
  #loader;
  #seq = 0;
  /** @type {Moment | null} */
  #time = null;
  /** The entry that was asked for last: one that does not come is not asked for again. */
  #asked = 0;

  /** @param {import("./history-loader.js").HistoryLoader} loader */
  constructor(loader) {
    this.#loader = loader;
  }

  /** Whether it is a time whose entry is not known yet. */
  get isTime() {
    return this.#time !== null;
  }

  /** @param {number} seq */
  to(seq) {
    [this.#seq, this.#time] = [seq, null];
  }

  /**
   * @param {Moment} time
   * @returns {boolean} false when there is no connection to ask on
   */
  toTime(time) {
    if (!this.#loader.findTime(time)) return false;
    [this.#seq, this.#time] = [0, time];
    return true;
  }

  forget() {
    [this.#seq, this.#asked, this.#time] = [0, 0, null];
  }

  /** There is another connection: a question of before is not answered. */
  askAgain() {
    this.#asked = 0;
    if (this.#time) this.#loader.findTime(this.#time);
  }

  /**
   * The entry, when it is here: then the reader has arrived. Else it is asked for.
   * @param {CaptionStore} store
   */
  reach(store) {
    const seq = this.#seq;
    if (!seq) return undefined;
    const entry = store.has(seq) ? store.entryAt(seq) : undefined;
    const isAnswered = this.#asked === seq && !this.#loader.busy;
    if (entry || isAnswered) this.forget();
    else if (this.#asked !== seq && this.#loader.around(seq)) this.#asked = seq;
    return entry;
  }
}
