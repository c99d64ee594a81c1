/**
 * @file One word of a transcript is a tab stop; arrow keys move it, and Enter, Space or a click play
 * from a word. All other words are plain text, for selecting and for reading with a screen reader.
 */

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {{seq: number, at: number}} Place a word of a caption
 *
 * @typedef {object} CursorParts
 * @property {HTMLElement} region what scrolls
 * @property {HTMLElement} list
 * @property {() => import("./transcript.js").Transcript} transcript
 * @property {import("./reader-view.js").ReaderView} view
 * @property {() => boolean} idle whether words lead nowhere now
 * @property {() => void} onMove the reader has gone elsewhere
 * @property {(time: number) => void} onPlay
 */

/** The reader's word. */
export class WordCursor {
  #parts;
  /** @type {Place} */
  #place = { seq: 0, at: 0 };
  /** @type {HTMLElement | null} */
  #element = null;

  /** @param {CursorParts} parts */
  constructor(parts) {
    this.#parts = parts;
    parts.list.addEventListener("keydown", (event) => this.#key(event));
    parts.region.addEventListener("click", (event) => this.#clicked(event));
    parts.list.addEventListener("focusin", ({ target }) => this.#focused(/** @type {HTMLElement} */ (target)));
  }

  get #hasFocus() {
    return this.#element !== null && this.#element === document.activeElement;
  }

  /** @returns {Place | null} the word that is focused */
  get focused() {
    return this.#hasFocus ? this.#place : null;
  }

  /** The word that is the tab stop. */
  get place() {
    return this.#place;
  }

  /** Other captions than before are drawn: there is a tab stop among them. */
  drawn() {
    if (this.#element?.isConnected) return;
    const found = elementAt(this.#parts.list, this.#place);
    if (found) this.#mark(found);
    else this.#toView();
  }

  /** The reader has moved the view: the tab stop is in it, unless it is focused. */
  viewMoved() {
    if (this.#hasFocus || !this.#element) return;
    const [box, view] = [this.#element.getBoundingClientRect(), this.#parts.region.getBoundingClientRect()];
    if (box.bottom < view.top || box.top > view.bottom) this.#toView();
  }

  /**
   * Stand at a word, unless the reader is at one.
   * @param {Place} place
   */
  wait(place) {
    if (this.#hasFocus) return;
    this.#place = place;
    const found = elementAt(this.#parts.list, place);
    if (found) this.#mark(found);
  }

  /**
   * Go to a word, and bring it into view.
   * @param {Place} place
   */
  focus(place) {
    this.#place = place;
    this.#parts.view.bring(place.seq, `[data-at="${place.at}"]`);
    const found = elementAt(this.#parts.list, place);
    if (!found) return;
    this.#mark(found);
    found.focus({ preventScroll: true });
  }

  /**
   * Stand at a focused word again, where other elements are drawn; the view stays.
   * @param {Place} place
   */
  stay(place) {
    this.#place = place;
    const found = elementAt(this.#parts.list, place);
    if (!found) return this.#parts.region.focus({ preventScroll: true });
    this.#mark(found);
    found.focus({ preventScroll: true });
  }

  #toView() {
    const { top } = this.#parts.region.getBoundingClientRect();
    for (const caption of this.#parts.list.querySelectorAll(".caption")) {
      const word = caption.querySelector(".word");
      if (!word || caption.getBoundingClientRect().bottom <= top) continue;
      this.#place = placeOf(word);
      this.#mark(/** @type {HTMLElement} */ (word));
      return;
    }
  }

  /** @param {HTMLElement} element */
  #mark(element) {
    if (element === this.#element) return;
    for (const name of ["tabindex", "role", "aria-describedby"]) this.#element?.removeAttribute(name);
    this.#element = element;
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    element.setAttribute("aria-describedby", "hint");
  }

  /** @param {HTMLElement} target */
  #focused(target) {
    if (target === this.#element) this.#place = placeOf(target);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.#element || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (this.#parts.idle()) return;
    if (event.key === "Enter" || event.key === " ") this.#play(this.#place);
    else {
      const place = this.#target(event.key);
      if (!place) return;
      this.#parts.onMove();
      this.focus(place);
    }
    event.preventDefault();
  }

  /**
   * @param {string} key
   * @returns {Place | null}
   */
  #target(key) {
    const transcript = this.#parts.transcript();
    const caption = transcript.captionOf(this.#place.seq);
    if (!caption) return null;
    const rightToLeft = this.#element !== null && getComputedStyle(this.#element).direction === "rtl";
    if (key === "ArrowRight" || key === "ArrowLeft") return this.#beside(caption, (key === "ArrowRight") === rightToLeft ? -1 : 1);
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: 1, ArrowUp: -1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY };
    const step = steps[key];
    return step === undefined ? null : { seq: transcript.beside(caption, step).seq, at: 0 };
  }

  /**
   * @param {Caption} caption
   * @param {1 | -1} step
   * @returns {Place}
   */
  #beside(caption, step) {
    const transcript = this.#parts.transcript();
    const at = this.#place.at + step;
    if (at >= 0 && at < transcript.wordsOf(caption).length) return { seq: caption.seq, at };
    const other = transcript.beside(caption, step);
    if (other === caption) return this.#place;
    return { seq: other.seq, at: step > 0 ? 0 : Math.max(0, transcript.wordsOf(other).length - 1) };
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = /** @type {Element} */ (event.target);
    const caption = target.closest(".caption");
    if (this.#parts.idle() || !caption || target.closest("button, a")) return;
    if (getSelection()?.isCollapsed === false) return; // text is being selected
    const word = target.closest(".word") ?? caption.querySelector(".word");
    if (!word) return;
    this.#mark(/** @type {HTMLElement} */ (word));
    this.#element?.focus({ preventScroll: true });
    this.#play(placeOf(word));
  }

  /** @param {Place} place */
  #play({ seq, at }) {
    const transcript = this.#parts.transcript();
    const caption = transcript.captionOf(seq);
    const word = caption && transcript.wordsOf(caption)[at];
    if (word) this.#parts.onPlay(word.start);
  }
}

/**
 * @param {HTMLElement} list
 * @param {Place} place
 * @returns {HTMLElement | null}
 */
export function elementAt(list, { seq, at }) {
  return list.querySelector(`.caption[data-seq="${seq}"] .word[data-at="${at}"]`);
}

/**
 * @param {Element} word
 * @returns {Place}
 */
export function placeOf(word) {
  const caption = /** @type {HTMLElement} */ (word.closest(".caption"));
  return { seq: Number(caption.dataset.seq), at: Number(/** @type {HTMLElement} */ (word).dataset.at) };
}
