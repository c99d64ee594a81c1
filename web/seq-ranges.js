/** @file Which journal numbers have been seen, as few closed ranges. */

/** A set of whole numbers, kept as sorted ranges that neither touch nor overlap. */
export class SeqRanges {
  /** @type {[number, number][]} */
  #ranges = [];

  /** @returns {number} the lowest number, or 0 when there is none */
  get lowest() {
    return this.#ranges[0]?.[0] ?? 0;
  }

  /** @returns {number} the highest number, or 0 when there is none */
  get highest() {
    return this.#ranges.at(-1)?.[1] ?? 0;
  }

  /** @param {number} seq */
  has(seq) {
    return this.#ranges.some(([from, to]) => from <= seq && seq <= to);
  }

  /**
   * Add one number.
   * @param {number} seq
   * @returns {boolean} false when it was there already
   */
  add(seq) {
    if (this.has(seq)) return false;
    const after = this.#ranges.findIndex(([from]) => from > seq);
    this.#ranges.splice(after < 0 ? this.#ranges.length : after, 0, [seq, seq]);
    this.#mergeNeighbours();
    return true;
  }

  /**
   * The stretches from `first` to `last` that were never seen, ascending.
   * @param {number} first
   * @param {number} last
   * @returns {{from: number, to: number}[]}
   */
  holes(first, last) {
    const holes = [];
    let next = first;
    for (const [from, to] of this.#ranges) {
      if (from > last) break;
      if (from > next) holes.push({ from: next, to: from - 1 });
      next = Math.max(next, to + 1);
    }
    if (next <= last) holes.push({ from: next, to: last });
    return holes;
  }

  /**
   * Forget every number outside some stretches.
   * @param {readonly {from: number, to: number}[]} stretches ascending, and apart from each other
   */
  keepOnly(stretches) {
    const parts = this.#ranges.flatMap(([first, last]) =>
      stretches.map(({ from, to }) => [Math.max(first, from), Math.min(last, to)]),
    );
    this.#ranges = /** @type {[number, number][]} */ (parts.filter(([first = 0, last = 0]) => first <= last));
  }

  #mergeNeighbours() {
    /** @type {[number, number][]} */
    const merged = [];
    for (const [from, to] of this.#ranges) {
      const last = merged.at(-1);
      if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
      else merged.push([from, to]);
    }
    this.#ranges = merged;
  }
}
