/** @file Alerts a listener to their own words: in the captions, and in one line until it is dismissed. */

import { strings } from "./strings.js";
import { clock } from "./times.js";
import { WordWatch } from "./word-watch.js";

/**
 * @typedef {import("./word-watch.js").Said} Said
 * @typedef {import("./types.js").Person} Person
 *
 * @typedef {object} WordAlertsParts
 * @property {import("./alert-stack.js").AlertStack} stack
 * @property {import("./attention.js").Attention} attention
 * @property {import("./words-keeper.js").WordsKeeper} keeper
 * @property {(said: Said) => void} [go] leads to where it was said; absent where nobody can go anywhere
 * @property {number} [forMs] how long the line stays; for good when absent
 */

const KEY = "words";

/** Watches a room for the words that the keeper keeps. */
export class WordAlerts {
  #watch = new WordWatch();
  #parts;
  /** @type {Said[]} what the listener has not dismissed or gone to, the oldest first */
  #open = [];
  #name = "";
  #timer = 0;

  /** @param {WordAlertsParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Whether there is nothing to watch for. */
  get idle() {
    return this.#watch.idle;
  }

  /** The newest entry that was looked through. */
  get newestSeq() {
    return this.#watch.newestSeq;
  }

  /** @type {import("./caption-text.js").Marker} */
  marker = (caption) => this.#watch.marks(caption);

  /** The listener keeps other words now. */
  wordsAre(/** @type {readonly string[]} */ words) {
    this.#watch.use(words);
  }

  /** @param {Person | null} user */
  meIs(user) {
    this.#watch.me = user?.id ?? "";
    this.#name = (user?.name ?? "").toLowerCase();
  }

  /** @param {import("./types.js").ServerMessage} message */
  receive(message) {
    if (message.type === "track") this.#close(this.#open);
    for (const { said, isNew } of this.#watch.hear(message)) {
      if (isNew) this.#open = [...this.#open.filter((one) => one !== said), said];
      this.#draw(isNew);
    }
  }

  /** Show what an alert is like. */
  tryIt() {
    const { trial, dismiss } = strings.alerts;
    const { stack, attention } = this.#parts;
    const actions = [{ text: dismiss, run: () => stack.hide("trial") }];
    stack.show({ key: "trial", text: trial, actions }, { announce: true });
    attention.call(trial);
  }

  /** @param {boolean} isNew */
  #draw(isNew) {
    const { stack, attention, go, forMs } = this.#parts;
    const last = this.#open.at(-1);
    if (!last) return stack.hide(KEY);
    const { dismiss, goThere } = strings.alerts;
    const text = this.#text(last);
    const actions = [{ text: dismiss, run: () => this.#close(this.#open) }];
    if (go) actions.unshift({ text: goThere, run: () => this.#go(last) });
    stack.show({ key: KEY, text, actions }, { announce: isNew });
    if (!isNew) return;
    attention.call(text);
    clearTimeout(this.#timer);
    if (forMs) this.#timer = Number(setTimeout(() => this.#close(this.#open), forMs));
  }

  /** @param {Said} said */
  #text({ words, speaker, start, misheard }) {
    const { alerts, captions } = strings;
    const name = speaker?.name ?? captions.unknownSpeaker;
    const isName = words.every((word) => word.toLowerCase() === this.#name);
    const said = isName ? alerts.nameSaid(name, clock(start)) : alerts.said(words, name, clock(start));
    const others = this.#open.length - 1;
    return [misheard ? alerts.misheard(words) : said, others ? alerts.more(others) : ""].filter(Boolean).join(" ");
  }

  /** @param {Said} said */
  #go(said) {
    this.#close([said]);
    this.#parts.go?.(said);
  }

  /** @param {readonly Said[]} those */
  #close(those) {
    this.#open = this.#open.filter((said) => !those.includes(said));
    this.#draw(false);
  }
}
