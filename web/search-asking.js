/**
 * @file When the server is asked while somebody types, and which answer counts: a newer one always, an
 * older one never after it. What is said aloud waits until they have stopped. Pure: the clock is given.
 */

/** No letter for so long: it is asked. Shorter than the pause between two letters of a slow typist. */
const TYPED_MS = 120;
/** No letter for so long: they look at what was found. */
const SETTLED_MS = 1000;
/** What takes longer is said to be going on. */
const BUSY_MS = 400;

/**
 * @typedef {import("./search-address.js").Wanted} Wanted
 *
 * @typedef {object} Clock
 * @property {(action: () => void, delayMs: number) => number} later
 * @property {(timer: number) => void} cancel
 * @property {() => number} nowMs
 */

/**
 * @template T
 * @typedef {object} Parts
 * @property {(wanted: Wanted, signal: AbortSignal) => Promise<T>} ask
 * @property {(answer: T, wanted: Wanted) => void} onAnswer
 * @property {(error: unknown) => void} onError the newest question has none
 * @property {(busy: boolean) => void} onBusy
 * @property {(answer: T, wanted: Wanted) => void} onSettled once for what somebody stopped at
 */

/** @type {Clock} */
const BROWSER_CLOCK = {
  later: (action, delayMs) => Number(setTimeout(action, delayMs)),
  cancel: (timer) => clearTimeout(timer),
  nowMs: () => performance.now(),
};

/**
 * Asks for what is wanted.
 * @template T
 */
export class Asking {
  #parts;
  #clock;
  #timer = 0;
  #busyTimer = 0;
  #settleTimer = 0;
  #asked = 0;
  /** The number of the question whose answer is shown; older ones are not wanted any more. */
  #shown = 0;
  #typedMs = Number.NEGATIVE_INFINITY;
  #open = new AbortController();

  /**
   * @param {Parts<T>} parts
   * @param {Clock} clock
   */
  constructor(parts, clock = BROWSER_CLOCK) {
    this.#parts = parts;
    this.#clock = clock;
  }

  /**
   * Ask when no more is typed for a moment; answers to what was typed on the way are welcome.
   * @param {Wanted} wanted
   */
  soon(wanted) {
    this.#typedMs = this.#clock.nowMs();
    this.#clock.cancel(this.#timer);
    this.#clock.cancel(this.#settleTimer);
    this.#timer = this.#clock.later(() => void this.#ask(wanted), TYPED_MS);
  }

  /**
   * Ask at once, for something else than before.
   * @param {Wanted} wanted
   */
  async now(wanted) {
    this.stop();
    this.#typedMs = Number.NEGATIVE_INFINITY;
    await this.#ask(wanted);
  }

  /** Nothing is wanted any more. */
  stop() {
    for (const timer of [this.#timer, this.#settleTimer]) this.#clock.cancel(timer);
    this.#open.abort();
    this.#open = new AbortController();
    this.#shown = this.#asked;
    this.#isBusy(false);
  }

  /** @param {Wanted} wanted */
  async #ask(wanted) {
    const turn = ++this.#asked;
    this.#isBusy(true);
    try {
      const answer = await this.#parts.ask(wanted, this.#open.signal);
      if (turn <= this.#shown) return;
      this.#shown = turn;
      this.#parts.onAnswer(answer, wanted);
      if (turn !== this.#asked) return;
      this.#isBusy(false);
      this.#settle(answer, wanted);
    } catch (error) {
      if (turn !== this.#asked || turn <= this.#shown) return;
      this.#isBusy(false);
      this.#parts.onError(error);
    }
  }

  /**
   * @param {T} answer
   * @param {Wanted} wanted
   */
  #settle(answer, wanted) {
    this.#clock.cancel(this.#settleTimer);
    const wait = Math.max(0, this.#typedMs + SETTLED_MS - this.#clock.nowMs());
    this.#settleTimer = this.#clock.later(() => this.#parts.onSettled(answer, wanted), wait);
  }

  /** @param {boolean} busy */
  #isBusy(busy) {
    this.#clock.cancel(this.#busyTimer);
    if (busy) this.#busyTimer = this.#clock.later(() => this.#parts.onBusy(true), BUSY_MS);
    else this.#parts.onBusy(false);
  }
}
