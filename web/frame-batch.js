/** @file Work that is done once a frame, however often it is asked for. */

/** A page that nobody sees has no frames: the work is done after this long. */
const UNSEEN_MS = 250;

/** One piece of work. */
export class FrameBatch {
  #work;
  #frame = 0;
  #timer = 0;

  /** @param {() => void} work */
  constructor(work) {
    this.#work = work;
  }

  /** Do it with the next frame. */
  ask() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => this.now());
    this.#timer = Number(setTimeout(() => this.now(), UNSEEN_MS));
  }

  /** Do it at once, if it was asked for. */
  now() {
    if (!this.#frame) return;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    this.#work();
  }
}
