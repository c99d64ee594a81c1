/**
 * @file Which captions a screen reader is given to say, and when: whole ones, never a backlog. One is
 * being spoken, one waits; what would come late is left out and counted. Pure: the clock is given.
 */

import { wordCount } from "./reading-length.js";

/** Synthetic speech at an unhurried rate, in words a minute. */
const SPOKEN_WPM = 200;
const SHORTEST_MS = 1000;
/** What has waited longer is late, and left out: the history has it. */
const LATE_MS = 1500;
/** The parts of one utterance are finished together, and said together. */
const GATHER_MS = 150;
const MOST_TOGETHER = 2;

/**
 * @typedef {object} Clock
 * @property {(action: () => void, delayMs: number) => void} later
 * @property {() => number} nowMs
 */

/** @type {Clock} */
const BROWSER_CLOCK = {
  later: (action, delayMs) => void setTimeout(action, delayMs),
  nowMs: () => performance.now(),
};

/**
 * Hands items on as fast as they can be spoken.
 * @template T
 */
export class Announcer {
  /** @type {T[]} */
  #gathered = [];
  /** @type {{items: T[], sinceMs: number} | null} */
  #waiting = null;
  #speaking = false;
  #skipped = 0;
  #say;
  #clock;

  /**
   * @param {(items: T[], skipped: number) => string} say is told how many were left out before, and
   *   gives what it has put into words
   * @param {Clock} clock
   */
  constructor(say, clock = BROWSER_CLOCK) {
    this.#say = say;
    this.#clock = clock;
  }

  /** @param {T} item */
  announce(item) {
    this.#gathered.push(item);
    if (this.#gathered.length === 1) this.#clock.later(() => this.#offer(), GATHER_MS);
  }

  /** Forget what has not been said. */
  clear() {
    this.#gathered = [];
    this.#waiting = null;
    this.#skipped = 0;
  }

  #offer() {
    const all = this.#gathered.splice(0);
    const items = all.slice(-MOST_TOGETHER);
    if (items.length === 0) return;
    this.#skipped += all.length - items.length + (this.#waiting?.items.length ?? 0);
    this.#waiting = { items, sinceMs: this.#clock.nowMs() };
    if (!this.#speaking) this.#next();
  }

  #next() {
    this.#speaking = false;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (!waiting) return;
    if (this.#clock.nowMs() - waiting.sinceMs > LATE_MS) this.#skipped += waiting.items.length;
    else this.#speak(waiting.items);
  }

  /** @param {T[]} items */
  #speak(items) {
    this.#speaking = true;
    const text = this.#say(items, this.#skipped);
    this.#skipped = 0;
    const words = wordCount(text);
    this.#clock.later(() => this.#next(), Math.max(SHORTEST_MS, (words * 60_000) / SPOKEN_WPM));
  }
}
