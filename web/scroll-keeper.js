/** @file Keeps the reader's place in a scrolling element while its content changes. */

/** How near to its end, in pixels, a view counts as being there. */
const NEAR_PX = 4;

/** The one writer of an element's scroll position. */
export class ScrollKeeper {
  #element;
  #lastTop = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  get atEnd() {
    const { scrollHeight, clientHeight, scrollTop } = this.#element;
    return scrollHeight - clientHeight - scrollTop <= NEAR_PX;
  }

  /** @param {number} pixels */
  nearStart(pixels) {
    return this.#element.scrollTop < pixels;
  }

  /** Whether everything is in view, so that nobody can scroll. */
  get fits() {
    return this.#element.scrollHeight <= this.#element.clientHeight;
  }

  toEnd() {
    this.#element.scrollTop = this.#element.scrollHeight;
    this.#lastTop = this.#element.scrollTop;
  }

  toStart() {
    this.#element.scrollTop = 0;
    this.#lastTop = 0;
  }

  /**
   * What the reader just did; to be asked once for every scroll event.
   * @returns {{up: boolean, atEnd: boolean}}
   */
  moved() {
    const top = this.#element.scrollTop;
    const up = top < this.#lastTop - 1;
    this.#lastTop = top;
    return { up, atEnd: this.atEnd };
  }

  /**
   * Change the content while the caption that is at the top of the view stays exactly there.
   * @param {() => void} change
   */
  keepPlace(change) {
    const anchor = this.#anchor();
    const before = anchor?.getBoundingClientRect().top ?? 0;
    const key = anchor?.dataset.key;
    change();
    const after = key ? this.#element.querySelector(`.caption[data-key="${CSS.escape(key)}"]`) : null;
    if (after) this.#element.scrollTop += after.getBoundingClientRect().top - before;
    this.#lastTop = this.#element.scrollTop;
  }

  /** @returns {HTMLElement | null} the first caption that reaches into the view */
  #anchor() {
    const top = this.#element.getBoundingClientRect().top;
    /** @type {NodeListOf<HTMLElement>} */
    const captions = this.#element.querySelectorAll(".caption");
    let low = 0;
    let high = captions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const box = /** @type {HTMLElement} */ (captions[middle]).getBoundingClientRect();
      if (box.bottom > top) high = middle;
      else low = middle + 1;
    }
    return captions[low] ?? null;
  }
}
