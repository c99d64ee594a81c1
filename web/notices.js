/**
 * @file What the page tells its reader in passing: to a screen reader at once, and for eyes in a place
 * of its own below the captions, which neither covers nor moves them. It stays long enough for
 * somebody who is reading captions meanwhile, and can be dismissed (WCAG 2.2.1).
 */

import { byId, setText } from "./dom.js";

/** A notice is looked at first after a while, and read more slowly than captions. */
const SHORTEST_MS = 10_000;
const WORD_MS = 500;
/** A newer one waits until the one before could be read. */
const UNDISTURBED_MS = 6000;
/** So many wait; of more the oldest is left out. */
const MOST_WAITING = 3;

/**
 * @typedef {{text: string, lasting: boolean, topic?: string}} Notice `lasting` stays until it is dismissed
 *   or another comes; a newer one of the same `topic` takes its place at once: it is true no more
 * @typedef {object} Clock
 * @property {(action: () => void, delayMs: number) => number} later
 * @property {(timer: number) => void} cancel
 */

/** @type {Clock} */
const BROWSER_CLOCK = {
  later: (action, delayMs) => Number(setTimeout(action, delayMs)),
  cancel: (timer) => clearTimeout(timer),
};

/** One notice at a time, each long enough. Pure: the clock is given. */
export class NoticeQueue {
  #show;
  #clock;
  /** @type {Notice | null} */
  #shown = null;
  /** @type {Notice[]} */
  #waiting = [];
  #timer = 0;
  /** Whether the one that is shown may give way. */
  #isRead = true;
  #held = false;

  /**
   * @param {(text: string) => void} show is given an empty text when there is none
   * @param {Clock} [clock]
   */
  constructor(show, clock = BROWSER_CLOCK) {
    this.#show = show;
    this.#clock = clock;
  }

  /** @param {Notice} notice */
  add(notice) {
    if (notice.text === this.#shown?.text) return this.#begin(notice);
    const isSame = (/** @type {Notice | null} */ one) => Boolean(notice.topic) && one?.topic === notice.topic;
    const others = this.#waiting.filter((one) => one.text !== notice.text && !isSame(one));
    if (isSame(this.#shown) && !this.#held) {
      this.#waiting = others;
      return this.#begin(notice);
    }
    this.#waiting = [...others, notice].slice(-MOST_WAITING);
    if (this.#isRead && !this.#held) this.#next();
  }

  /** The reader has done with the one that is shown. */
  dismiss() {
    this.#held = false;
    this.#next();
  }

  /** The reader is at it, with the pointer or the focus: it stays. */
  hold() {
    this.#held = true;
    this.#clock.cancel(this.#timer);
  }

  release() {
    if (!this.#held) return;
    this.#held = false;
    if (this.#shown) this.#begin(this.#shown);
  }

  #next() {
    const next = this.#waiting.shift() ?? null;
    if (next) return this.#begin(next);
    this.#clock.cancel(this.#timer);
    [this.#shown, this.#isRead] = [null, true];
    this.#show("");
  }

  /** @param {Notice} notice */
  #begin(notice) {
    [this.#shown, this.#isRead] = [notice, false];
    this.#show(notice.text);
    this.#clock.cancel(this.#timer);
    if (!this.#held) this.#timer = this.#clock.later(() => this.#read(notice), UNDISTURBED_MS);
  }

  /** @param {Notice} notice */
  #read({ text, lasting }) {
    this.#isRead = true;
    if (this.#waiting.length) return this.#next();
    if (lasting) return;
    const stays = SHORTEST_MS + text.split(/\s+/).length * WORD_MS;
    this.#timer = this.#clock.later(() => this.#next(), stays - UNDISTURBED_MS);
  }
}

/** The place for notices. What is shown there is hidden from screen readers, which have been told. */
export class Notices {
  #say;
  #place = byId("notice-place");
  #queue = new NoticeQueue((text) => this.#draw(text));

  /**
   * @param {(text: string) => void} say tells screen readers
   * @param {() => void} leave where the focus goes when what has it is dismissed
   */
  constructor(say, leave) {
    this.#say = say;
    for (const event of ["pointerenter", "focusin"]) this.#place.addEventListener(event, () => this.#queue.hold());
    for (const event of ["pointerleave", "focusout"]) this.#place.addEventListener(event, () => this.#queue.release());
    byId("notice-dismiss").addEventListener("click", () => {
      const hadFocus = this.#place.contains(document.activeElement);
      this.#queue.dismiss();
      if (hadFocus && this.#place.classList.contains("empty-place")) leave();
    });
  }

  /**
   * @param {string} text
   * @param {{lasting?: boolean, topic?: string}} [how] what went wrong stays until it is dismissed
   */
  tell(text, { lasting = false, topic = "" } = {}) {
    this.#say(text);
    this.#queue.add({ text, lasting, topic });
  }

  /** @param {string} text */
  #draw(text) {
    setText(byId("notice"), text);
    this.#place.classList.toggle("empty-place", !text);
  }
}
