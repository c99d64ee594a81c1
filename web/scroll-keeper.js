/** @file Keeps the reader's place in a scrolling element while its content changes. */

/** How near to its end, in pixels, a view counts as being there. */
const NEAR_PX = 4;
/** A movement that has not gone on for so long is over. */
const STILL_MS = 150;
/** What the reader does begins a movement within so long, on a slow machine, too. */
const BEGINS_MS = 500;
/** What is brought into view stands this far from its edge, in pixels. */
const EDGE_PX = 24;
/** A movement that was overruled, as by the key End after Page Up, goes on in the browser for so long. */
const OVERRULED_MS = 300;
/** Where a caption that is gone to stands, as a part of the view from its top. */
const TARGET_PART = 0.2;

/**
 * @typedef {{key: string, offset: number}} Place a caption, and how far below the view's top it is
 *
 * @typedef {object} Content what can move without scrolling
 * @property {(px: number) => boolean} nudge
 * @property {() => number} settle
 */

/** The one writer of an element's scroll position. */
export class ScrollKeeper {
  #element;
  #content;
  #lastTop = 0;
  /** The size of the view and its content when it was last moved or looked at. */
  #lastSize = "";
  #movingUntil = Number.NEGATIVE_INFINITY;
  #timer = 0;
  #overruledUntil = Number.NEGATIVE_INFINITY;
  /** @type {Place | null} the caption at the top of the view */
  #place = null;

  /**
   * @param {HTMLElement} element
   * @param {Content} content
   */
  constructor(element, content) {
    this.#element = element;
    this.#content = content;
    for (const type of ["keydown", "pointerdown", "wheel"]) {
      element.addEventListener(type, (event) => this.#acted(event), { capture: true, passive: true });
    }
  }

  get atEnd() {
    const { scrollHeight, clientHeight, scrollTop } = this.#element;
    return scrollHeight - clientHeight - scrollTop <= NEAR_PX;
  }

  toEnd() {
    this.#content.settle();
    this.#element.scrollTop = this.#element.scrollHeight;
    this.#lastTop = this.#element.scrollTop;
    this.#lastSize = this.#size;
  }

  toStart() {
    this.#content.settle();
    this.#to(0);
  }

  /** @param {Element} target what to bring into the upper part of the view */
  toElement(target) {
    const wanted = this.#top + this.#element.clientHeight * TARGET_PART;
    this.#to(this.#element.scrollTop + target.getBoundingClientRect().top - wanted);
  }

  /** @param {Element} target what to bring into view, moving no more than that takes */
  intoView(target) {
    const box = target.getBoundingClientRect();
    const height = this.#element.clientHeight;
    const edge = Math.min(EDGE_PX, height / 10); // a view of few lines has no room for edges
    const [top, bottom] = [this.#top + edge, this.#top + height - edge];
    const up = box.top < top || box.height > bottom - top;
    const px = up ? box.top - top : Math.max(0, box.bottom - bottom);
    if (px) this.#to(this.#element.scrollTop + px);
  }

  /**
   * What the reader just did; to be asked once for every scroll event. A view or content of another
   * size was moved by the browser, as when the settings open beside it.
   * @returns {{up: boolean, atEnd: boolean, byHand: boolean}} `byHand`: it was the reader who moved it
   */
  moved() {
    if (performance.now() < this.#overruledUntil) {
      this.#element.scrollTop = this.#lastTop;
      return { up: false, atEnd: false, byHand: false };
    }
    const top = this.#element.scrollTop;
    const byHand = this.#size === this.#lastSize;
    const up = byHand && top < this.#lastTop - 1;
    const moved = byHand && Math.abs(top - this.#lastTop) > 1;
    if (moved) {
      this.#goesOn(STILL_MS);
      this.remember();
    }
    this.#lastTop = top;
    this.#lastSize = this.#size;
    return { up, atEnd: byHand && this.atEnd, byHand: moved };
  }

  /** The reader wants to be where they were brought, not where a movement that goes on would lead. */
  overrule() {
    const now = performance.now();
    if (now < this.#movingUntil) this.#overruledUntil = now + OVERRULED_MS;
  }

  /**
   * A movement may begin, which is the reader's and not what was overruled. A wheel runs on.
   * @param {Event} event
   */
  #acted({ type }) {
    if (type !== "wheel") this.#overruledUntil = Number.NEGATIVE_INFINITY;
    this.#goesOn(BEGINS_MS);
  }

  /** This is where the reader is: see `recall`. */
  remember() {
    this.#place = this.place;
  }

  /**
   * Change the content while the caption that is at the top of the view stays exactly there.
   * @param {(key: string) => void} change is given that caption's id, or an empty one
   */
  keepPlace(change) {
    const place = this.#kept ?? this.place;
    change(place?.key ?? "");
    this.restore(place);
  }

  /** Bring back the place that was last remembered, after the content has been laid out anew. */
  recall() {
    this.restore(this.#place);
  }

  /** @returns {HTMLElement | null} the last caption that is wholly in view */
  get lastSeen() {
    const bottom = this.#top + this.#element.clientHeight + 1;
    const captions = this.#captions;
    const after = firstWhere(captions, (caption) => caption.getBoundingClientRect().bottom > bottom);
    return captions[Math.max(0, after - 1)] ?? null;
  }

  /** @param {Place | null} place */
  restore(place) {
    const found = place && this.#find(place.key);
    if (found) this.#shift(found.getBoundingClientRect().top - this.#top - place.offset);
    this.#place = place;
    this.#lastSize = this.#size;
  }

  /** @param {number} px how far the content has come down */
  #shift(px) {
    if (Math.abs(px) < 0.5) return;
    const moving = performance.now() < this.#movingUntil;
    if (moving && this.#content.nudge(-px)) return;
    this.#to(this.#element.scrollTop + px);
  }

  /** @param {number} top */
  #to(top) {
    this.#element.scrollTop = top;
    this.#lastTop = this.#element.scrollTop;
    this.#lastSize = this.#size;
    this.#place = this.place;
  }

  /** @param {number} ms for how long at least */
  #goesOn(ms) {
    const now = performance.now();
    this.#movingUntil = now + ms;
    clearTimeout(this.#timer);
    this.#timer = Number(setTimeout(() => this.#rest(), ms + 10));
  }

  /** The movement is over: what was nudged meanwhile is scrolled, which nobody sees. */
  #rest() {
    const px = this.#content.settle();
    if (px) this.#to(this.#element.scrollTop - px);
    this.#place = this.place;
  }

  /** The place that was remembered, while the reader is still there. */
  get #kept() {
    const found = this.#place && this.#find(this.#place.key);
    if (!found || !this.#place) return null;
    const offset = found.getBoundingClientRect().top - this.#top;
    return Math.abs(offset - this.#place.offset) < 1 ? this.#place : null;
  }

  /** @returns {Place | null} */
  get place() {
    const anchor = this.#anchor();
    const key = anchor?.dataset.key;
    return anchor && key ? { key, offset: anchor.getBoundingClientRect().top - this.#top } : null;
  }

  get #size() {
    const { clientWidth, clientHeight, scrollHeight } = this.#element;
    return `${clientWidth} ${clientHeight} ${scrollHeight}`;
  }

  get #top() {
    return this.#element.getBoundingClientRect().top;
  }

  get #captions() {
    return /** @type {NodeListOf<HTMLElement>} */ (this.#element.querySelectorAll(".caption"));
  }

  /** @param {string} key */
  #find(key) {
    return this.#element.querySelector(`.caption[data-key="${CSS.escape(key)}"]`);
  }

  /**
   * The first caption that begins in the upper half of the view: its beginning stays where it is,
   * however its lines break. Where none does, the first one that reaches into it.
   * @returns {HTMLElement | null}
   */
  #anchor() {
    const top = this.#top;
    const captions = this.#captions;
    const first = firstWhere(captions, (one) => one.getBoundingClientRect().bottom > top);
    for (let i = first; i < captions.length; i++) {
      const box = /** @type {HTMLElement} */ (captions[i]).getBoundingClientRect();
      if (box.top > top + this.#element.clientHeight / 2) break;
      if (box.top >= top) return captions[i] ?? null;
    }
    return captions[first] ?? null;
  }
}

/**
 * @param {NodeListOf<HTMLElement>} elements of which first none and then all are what is wanted
 * @param {(element: HTMLElement) => boolean} wanted
 * @returns {number}
 */
function firstWhere(elements, wanted) {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wanted(/** @type {HTMLElement} */ (elements[middle]))) high = middle;
    else low = middle + 1;
  }
  return low;
}
