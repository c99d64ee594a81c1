/** @file Which captions are chosen for a quote. Pure. */

/**
 * @typedef {import("./quote.js").Said} Said
 * @typedef {readonly (Said | null)[]} Rows captions in their order; null where some are not loaded
 * @typedef {"" | "edge" | "hole" | "instance"} Refusal why nothing changed; empty when it did
 */

/** One caption or several neighbours, of one instance. The head is the end that moves. */
export class QuoteChoice {
  #rows;
  #anchor;
  #head;

  /**
   * @param {Rows} rows
   * @param {string} anchor a caption's id
   * @param {string} [head]
   */
  constructor(rows, anchor, head = anchor) {
    this.#rows = rows;
    this.#anchor = anchor;
    this.#head = anchor;
    this.extendTo(head);
  }

  /** @param {Rows} rows as they are now, after others were loaded */
  rowsAre(rows) {
    this.#rows = rows;
  }

  /** @returns {Said[]} none when they are not there any more */
  get captions() {
    const [first, last] = this.#ends;
    if (first < 0) return [];
    return /** @type {Said[]} */ (this.#rows.slice(first, last + 1).filter(Boolean));
  }

  /** @returns {Said | null} the caption that was chosen last */
  get head() {
    return this.#rows[this.#indexOf(this.#head)] ?? null;
  }

  /**
   * Choose a neighbour of the head instead.
   * @param {1 | -1} step
   * @returns {Refusal}
   */
  move(step) {
    const next = this.#rows[this.#indexOf(this.#head) + step];
    if (!next) return next === null ? "hole" : "edge";
    this.pick(next.id);
    return "";
  }

  /**
   * Take the head's neighbour in, or leave the head out when that is the way back to the anchor.
   * @param {1 | -1} step
   * @returns {Refusal}
   */
  extend(step) {
    const next = this.#rows[this.#indexOf(this.#head) + step];
    if (!next) return next === null ? "hole" : "edge";
    return this.extendTo(next.id);
  }

  /**
   * Take in the caption before all that are chosen, or after.
   * @param {1 | -1} step
   * @returns {Refusal}
   */
  widen(step) {
    const [first, last] = this.#ends;
    const [inner, outer] = step < 0 ? [last, first] : [first, last];
    this.#anchor = this.#rows[inner]?.id ?? this.#anchor;
    this.#head = this.#rows[outer]?.id ?? this.#head;
    return this.extend(step);
  }

  /** @param {string} id */
  pick(id) {
    [this.#anchor, this.#head] = [id, id];
  }

  /**
   * Choose everything from the anchor to a caption.
   * @param {string} id
   * @returns {Refusal}
   */
  extendTo(id) {
    const [from, to] = [this.#indexOf(this.#anchor), this.#indexOf(id)];
    if (from < 0 || to < 0) return "edge";
    const range = this.#rows.slice(Math.min(from, to), Math.max(from, to) + 1);
    if (range.includes(null)) return "hole";
    const { instance } = /** @type {Said} */ (range[0]);
    if (range.some((row) => row?.instance !== instance)) return "instance";
    this.#head = id;
    return "";
  }

  /** Indices of the first and the last that are chosen; the first is -1 when one is gone. */
  get #ends() {
    const [one, other] = [this.#indexOf(this.#anchor), this.#indexOf(this.#head)];
    return /** @type {const} */ ([Math.min(one, other), Math.max(one, other)]);
  }

  /** @param {string} id */
  #indexOf(id) {
    return this.#rows.findLastIndex((row) => row?.id === id);
  }
}
