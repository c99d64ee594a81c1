/** @file What a listener changed in the caption style, so that it can be undone. Pure. */

/**
 * @typedef {import("./caption-style.js").CaptionStyle} CaptionStyle
 * @typedef {Partial<CaptionStyle>} Changes
 * @typedef {{before: Changes, after: Changes}} Step
 */

/** Steps kept; the oldest is forgotten first. */
const MOST_STEPS = 50;
/** Changes of the same settings this close together are one step, such as a slider's. */
const ONE_STEP_MS = 1000;

/** Steps back and forth. A step touches only what it changed. */
export class StyleHistory {
  /** @type {Step[]} */
  #past;
  /** @type {Step[]} */
  #future = [];
  #changedAtMs = Number.NEGATIVE_INFINITY;

  /** @param {Step[]} [past] */
  constructor(past = []) {
    this.#past = past.slice(-MOST_STEPS);
  }

  get past() {
    return this.#past;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /**
   * @param {CaptionStyle} style as it was
   * @param {Changes} changes
   * @param {number} nowMs
   */
  changed(style, changes, nowMs) {
    const names = /** @type {(keyof CaptionStyle)[]} */ (Object.keys(changes)).filter(
      (name) => style[name] !== changes[name],
    );
    if (!names.length) return;
    const last = this.#past.at(-1);
    const after = Object.fromEntries(names.map((name) => [name, changes[name]]));
    if (last && nowMs - this.#changedAtMs < ONE_STEP_MS && sameNames(last.after, after)) {
      last.after = after;
    } else {
      this.#past.push({ before: Object.fromEntries(names.map((name) => [name, style[name]])), after });
      this.#past.splice(0, this.#past.length - MOST_STEPS);
    }
    this.#future = [];
    this.#changedAtMs = nowMs;
  }

  /** @returns {Changes} what to set to undo the last step */
  undo() {
    return this.#move(this.#past, this.#future)?.before ?? {};
  }

  /** @returns {Changes} what to set to do again what was undone last */
  redo() {
    return this.#move(this.#future, this.#past)?.after ?? {};
  }

  /**
   * @param {Step[]} from
   * @param {Step[]} to
   */
  #move(from, to) {
    const step = from.pop();
    if (step) to.push(step);
    this.#changedAtMs = Number.NEGATIVE_INFINITY;
    return step;
  }
}

/**
 * @param {Changes} one
 * @param {Changes} other
 */
function sameNames(one, other) {
  return Object.keys(one).join() === Object.keys(other).join();
}
