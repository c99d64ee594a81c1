/** @file The word that is heard: marked, and kept in view until the reader goes elsewhere. */

import { wordAt } from "./transcript-words.js";
import { elementAt } from "./word-cursor.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./word-cursor.js").Place} Place
 *
 * @typedef {object} FollowParts
 * @property {HTMLElement} region
 * @property {HTMLElement} list
 * @property {() => import("./transcript.js").Transcript} transcript
 * @property {import("./reader-view.js").ReaderView} view
 * @property {() => boolean} held whether the view must stay where it is
 * @property {() => void} onChange whether it follows has changed
 * @property {(place: Place) => void} onCaption another caption is heard
 */

const KEPT = "roomscribe.follow-along";

/** Follows what is heard; it never moves the view against its reader. */
export class FollowAlong {
  #parts;
  #on = localStorage.getItem(KEPT) !== "off";
  #following = true;
  /** @type {Place | null} the last caption that began, and its word; -1 between words */
  #heard = null;
  /** @type {Element[]} */
  #marked = [];

  /** @param {FollowParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  get on() {
    return this.#on;
  }

  /** Whether the reader has gone elsewhere, and could be led back. */
  get away() {
    return this.#on && !this.#following && this.#heard !== null;
  }

  /** @param {boolean} on */
  use(on) {
    this.#on = on;
    localStorage.setItem(KEPT, on ? "on" : "off");
    this.follow();
    this.drawn();
  }

  /** What is heard is kept in view from now on. */
  follow() {
    this.#following = true;
    this.#keepInView();
    this.#parts.onChange();
  }

  /** The reader has gone elsewhere. */
  leave() {
    if (!this.#following || !this.#on) return;
    this.#following = false;
    this.#parts.onChange();
  }

  /** @returns {Place | null} */
  get place() {
    return this.#heard && { ...this.#heard, at: Math.max(0, this.#heard.at) };
  }

  /** @param {number} time what is heard now, in seconds */
  at(time) {
    const { transcript, onCaption } = this.#parts;
    const caption = transcript().at(time);
    if (!caption) {
      this.#heard = null;
      this.drawn();
      return;
    }
    const place = { seq: caption.seq, at: wordAt(transcript().wordsOf(caption), time) };
    if (place.seq === this.#heard?.seq && place.at === this.#heard.at) return;
    const isOther = place.seq !== this.#heard?.seq;
    this.#heard = place;
    if (isOther && this.#following) onCaption({ seq: place.seq, at: 0 });
    this.#keepInView();
    this.drawn();
  }

  /** Mark what is heard where it is drawn. */
  drawn() {
    const { list } = this.#parts;
    const heard = this.#on ? this.#heard : null;
    const caption = heard && list.querySelector(`.caption[data-seq="${heard.seq}"]`);
    const word = heard && elementAt(list, heard);
    const wanted = [caption, word].filter((one) => one !== null);
    if (wanted.length === this.#marked.length && wanted.every((one, i) => one === this.#marked[i])) return;
    for (const element of this.#marked) element.removeAttribute("aria-current");
    for (const element of wanted) element.setAttribute("aria-current", "true");
    this.#marked = wanted;
  }

  #keepInView() {
    const { view, held, list } = this.#parts;
    const place = this.place;
    if (!place || !this.#on || !this.#following || held()) return;
    if (this.#isInView(elementAt(list, place))) return;
    view.show(place.seq, place.seq === 1);
    // The end of a long caption may be below what its beginning brings into view.
    if (!this.#isInView(elementAt(list, place))) view.bring(place.seq, `[data-at="${place.at}"]`);
  }

  /** @param {HTMLElement | null} word */
  #isInView(word) {
    const [box, view] = [word?.getBoundingClientRect(), this.#parts.region.getBoundingClientRect()];
    return Boolean(box && box.top >= view.top && box.bottom <= view.bottom);
  }
}
