/** @file How tall the history's blocks are: measured where they were drawn, estimated elsewhere. Pure. */

/** @typedef {import("./turns.js").Block} Block */

/** What a block's head counts, in characters. */
const HEAD = 60;
/** What an entry that is not loaded is taken for, in characters. */
const UNSEEN = 90;
/** Before anything was measured. */
const PX_PER_CHARACTER = 0.7;
/** So many measures of blocks that are gone are no harm. */
const SPARE = 500;

/** Tops and heights of a list of blocks, in pixels from the list's own top. */
export class BlockHeights {
  /** @type {Map<string, {px: number, weight: number}>} */
  #measured = new Map();
  #ratio = PX_PER_CHARACTER;
  /** @type {number[]} each block's top, and the end of the last one */
  #tops = [0];
  /** How many of the tops are right. */
  #right = 1;
  #count = 0;
  /** @type {(index: number) => Block} */
  #block = () => ({ kind: "place", key: "" });

  /**
   * Other blocks, or other ones from an index on.
   * @param {number} count
   * @param {(index: number) => Block} block
   * @param {number} [from]
   */
  use(count, block, from = 0) {
    [this.#count, this.#block] = [count, block];
    this.#right = Math.min(this.#right, from + 1);
  }

  /** Nothing measured holds any more: the width or the looks have changed. */
  forget() {
    this.#measured.clear();
    this.#right = 1;
  }

  /**
   * @param {number} index
   * @param {number} px
   */
  measure(index, px) {
    const block = this.#block(index);
    const weight = weightOf(block);
    const known = this.#measured.get(block.key);
    if (known && known.weight === weight && Math.abs(known.px - px) < 0.05) return;
    this.#measured.set(block.key, { px, weight });
    this.#right = Math.min(this.#right, index + 1);
  }

  /**
   * Whether a block that has not changed is not as tall any more as it was measured.
   * @param {number} index
   * @param {number} px
   */
  differs(index, px) {
    const block = this.#block(index);
    const known = this.#measured.get(block.key);
    return Boolean(known && known.weight === weightOf(block) && Math.abs(known.px - px) > 0.5);
  }

  /** @param {number} index up to the number of blocks, which is the end */
  top(index) {
    for (; this.#right <= index; this.#right++) {
      const above = /** @type {number} */ (this.#tops[this.#right - 1]);
      this.#tops[this.#right] = above + this.#height(this.#right - 1);
    }
    return /** @type {number} */ (this.#tops[index]);
  }

  /** How tall one entry that is not loaded is taken for. */
  get holePx() {
    return UNSEEN * this.#ratio;
  }

  get total() {
    return this.top(this.#count);
  }

  /**
   * The block at a height, the first or the last one beyond them.
   * @param {number} px
   */
  at(px) {
    this.top(this.#count);
    let low = 0;
    let high = Math.max(0, this.#count - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (/** @type {number} */ (this.#tops[middle]) <= px) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** @param {number} index */
  #height(index) {
    const block = this.#block(index);
    const weight = weightOf(block);
    const known = this.#measured.get(block.key);
    if (!known) return weight * this.#ratio;
    return known.weight === weight ? known.px : (known.px * weight) / known.weight;
  }

  /** Learn from what was measured; only when everything is laid out anew, so that nothing wavers. */
  learn() {
    this.#right = 1;
    if (this.#measured.size > 2 * this.#count + SPARE) this.#prune();
    let [px, weight] = [0, 0];
    for (const one of this.#measured.values()) {
      px += one.px;
      weight += one.weight;
    }
    if (weight) this.#ratio = px / weight;
  }

  /** Forget the blocks that are gone. */
  #prune() {
    const keys = new Set();
    for (let i = 0; i < this.#count; i++) keys.add(this.#block(i).key);
    for (const key of this.#measured.keys()) if (!keys.has(key)) this.#measured.delete(key);
  }
}

/**
 * About how much there is to draw, in characters.
 * @param {Block} block
 */
function weightOf(block) {
  if (block.kind === "hole") return (block.to - block.from + 1) * UNSEEN;
  if (block.kind !== "turn") return HEAD;
  return block.captions.reduce((sum, caption) => sum + caption.text.length, HEAD);
}
