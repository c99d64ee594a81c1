/** @file Searching in a transcript: a bar under it, with marks in the text. */

import { byId, setText } from "./dom.js";
import { strings } from "./strings.js";
import { MOST_FOUND, TranscriptSearch, marksOf, matchFrom } from "./transcript-search.js";

/**
 * @typedef {import("./reader-view.js").ReaderView} ReaderView
 * @typedef {import("./transcript-search.js").Match} Match
 *
 * @typedef {object} SearchParts
 * @property {() => import("./transcript.js").Transcript} transcript
 * @property {() => ReaderView} view
 * @property {() => () => void} focusBefore what leads the focus back to where it is now
 * @property {(part: import("./transcript-search.js").Part) => void} onFound the reader is led there
 */

/** What is typed is looked for when no letter has come for so long: announcements do not pile up. */
const TYPED_MS = 250;

/** The bar; what it marks are `marks`. */
export class SearchBar {
  #parts;
  #form = byId("search-form", HTMLFormElement);
  #field = byId("search-field", HTMLInputElement);
  #opener = byId("search", HTMLButtonElement);
  /** @type {TranscriptSearch | null} made when it is first needed */
  #search = null;
  /** @type {Match[]} */
  #matches = [];
  #current = -1;
  #marks = marksOf([], -1);
  #timer = 0;
  /** The number of the first caption in view when the search began. */
  #from = 0;
  /** @type {import("./scroll-keeper.js").Place | null} */
  #place = null;
  #focusBack = () => {};
  /** What was looked for last. */
  #query = "";

  /** @param {SearchParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#opener.addEventListener("click", () => (this.#form.hidden ? this.open() : this.close()));
    this.#field.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = Number(setTimeout(() => this.#find(), TYPED_MS));
    });
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("keydown", (event) => this.#key(event));
    byId("search-next").addEventListener("click", () => this.#step(1));
    byId("search-previous").addEventListener("click", () => this.#step(-1));
    byId("search-close").addEventListener("click", () => this.close());
  }

  /** @type {import("./caption-text.js").Marker} */
  marks = ({ seq }) => this.#marks.get(seq) ?? [];

  /** Another transcript is searched; it is yet to be drawn. */
  reset() {
    this.#search = null;
    if (!this.#query.trim()) return;
    this.#matches = this.#found;
    this.#current = Math.min(Math.max(0, this.#current), this.#matches.length - 1);
    this.#marks = marksOf(this.#matches, this.#current);
    this.#tell();
  }

  open() {
    if (this.#form.hidden) {
      this.#focusBack = this.#parts.focusBefore();
      this.#place = this.#parts.view().place;
      this.#from = this.#parts.view().firstSeen;
    }
    this.#form.hidden = false;
    this.#opener.setAttribute("aria-expanded", "true");
    this.#field.focus();
    this.#field.select();
  }

  /** Nothing is marked any more, and the reader is where they were before. */
  close() {
    if (this.#form.hidden) return;
    clearTimeout(this.#timer);
    this.#form.hidden = true;
    this.#opener.setAttribute("aria-expanded", "false");
    this.#show([], -1);
    setText(byId("search-count"), "");
    this.#field.value = this.#query = "";
    this.#parts.view().backTo(this.#place);
    this.#focusBack();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target === this.#field) this.#enter(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {1 | -1} step */
  #enter(step) {
    if (this.#isStale) this.#find();
    else this.#step(step);
  }

  get #isStale() {
    return this.#query !== this.#field.value;
  }

  /** Where what is looked for is said. */
  get #found() {
    this.#search ??= new TranscriptSearch(this.#parts.transcript().captions);
    return this.#search.find(this.#query);
  }

  #find() {
    clearTimeout(this.#timer);
    this.#query = this.#field.value;
    const matches = this.#found;
    this.#go(matches, matchFrom(matches, this.#from));
    if (!this.#query.trim()) setText(byId("search-count"), "");
  }

  /** @param {1 | -1} step */
  #step(step) {
    const count = this.#matches.length;
    if (count) this.#go(this.#matches, (this.#current + step + count) % count);
  }

  /**
   * @param {Match[]} matches
   * @param {number} current
   */
  #go(matches, current) {
    this.#show(matches, current);
    this.#tell();
    const part = matches[current]?.[0];
    if (!part) return;
    this.#parts.onFound(part);
    this.#parts.view().bring(part.seq, ".found-here");
  }

  #tell() {
    const { count, none } = strings.search;
    const { length } = this.#matches;
    setText(byId("search-count"), length ? count(this.#current + 1, length, length >= MOST_FOUND) : none);
  }

  /**
   * @param {Match[]} matches
   * @param {number} current
   */
  #show(matches, current) {
    [this.#matches, this.#current] = [matches, current];
    this.#marks = marksOf(matches, current);
    this.#parts.view().remark();
  }
}
