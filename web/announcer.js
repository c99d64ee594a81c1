/**
 * @file Finals for a screen reader, only when asked for: whole, one at a time, never a backlog.
 * One is being spoken, one waits; a newer one takes the place of the one that waits.
 */

/** Slow synthetic speech, in words a minute. */
const SPOKEN_WPM = 160;
const SHORTEST_MS = 1500;

/** Says one text after another through `say`, leaving out what would be late. */
export class Announcer {
  enabled = false;
  /** @type {string | null} */
  #waiting = null;
  #speaking = false;
  #say;
  #later;

  /**
   * @param {(text: string) => void} say
   * @param {(action: () => void, delayMs: number) => void} later
   */
  constructor(say, later = (action, delayMs) => void setTimeout(action, delayMs)) {
    this.#say = say;
    this.#later = later;
  }

  /** @param {string} text */
  announce(text) {
    if (!this.enabled) return;
    if (this.#speaking) this.#waiting = text;
    else this.#speak(text);
  }

  /** @param {string} text */
  #speak(text) {
    this.#speaking = true;
    this.#waiting = null;
    this.#say(text);
    const words = text.split(/\s+/).length;
    this.#later(() => this.#next(), Math.max(SHORTEST_MS, (words * 60_000) / SPOKEN_WPM));
  }

  #next() {
    this.#speaking = false;
    if (this.#waiting !== null && this.enabled) this.#speak(this.#waiting);
  }
}
