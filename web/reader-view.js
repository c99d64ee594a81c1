/**
 * @file The captions before the reader: drawn once a frame, and never moved but to follow live
 * captions or to go where the reader asks. Whatever else changes its height, the line that the
 * reader looks at stays where it is.
 */

import { CaptionView } from "./caption-view.js";
import { FrameBatch } from "./frame-batch.js";
import { ScrollKeeper } from "./scroll-keeper.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {import("./caption-store.js").Hole} Hole
 *
 * @typedef {object} Shown what may be on the page now
 * @property {() => (Entry | Hole)[]} rows
 * @property {readonly Caption[]} interims
 * @property {number} mark the last entry that the reader has read, where that is marked
 * @property {boolean} following whether the view keeps to its end
 *
 * @typedef {object} ViewParts
 * @property {HTMLElement} region what scrolls
 * @property {HTMLElement} list where turns go
 * @property {Partial<import("./caption-blocks.js").Drawing>} [drawing]
 * @property {() => Shown} shown
 * @property {(move: {up: boolean, atEnd: boolean, byHand: boolean}) => void} onMove the reader may have moved the view
 * @property {() => void} onDrawn other captions than before may be near the reader
 */

/** More new entries than this in one frame are not added one after another. */
const MOST_ADDED = 60;

/** Draws what is said to have changed, around the reader. */
export class ReaderView {
  #parts;
  #view;
  #scroll;
  #batch = new FrameBatch(() => this.#draw());
  /** Whether more has changed than the end. */
  #all = false;
  /** @type {Entry[]} */
  #added = [];

  /** @param {ViewParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#view = new CaptionView(parts.list, parts.drawing);
    this.#scroll = new ScrollKeeper(parts.region, this.#view);
    parts.region.addEventListener("scroll", () => this.#moved(), { passive: true });
    const sizes = new ResizeObserver(() => this.#resized());
    sizes.observe(parts.region);
    sizes.observe(parts.list);
  }

  /** The numbers of the first and the last entry that are drawn. */
  get drawn() {
    return this.#view.drawn;
  }

  /** @returns {number} the number of the last caption that is wholly in view, 0 for none */
  get lastSeen() {
    return Number(this.#scroll.lastSeen?.dataset.seq) || 0;
  }

  /** @returns {number} the number of the caption at the top of the view, 0 for none */
  get firstSeen() {
    const key = CSS.escape(this.#scroll.place?.key ?? "");
    const caption = this.#parts.list.querySelector(`.caption[data-key="${key}"]`);
    return Number(/** @type {HTMLElement | null} */ (caption)?.dataset.seq) || 0;
  }

  get atEnd() {
    return this.#scroll.atEnd;
  }

  /** Whether the line at the reader's place is in view. */
  get markInView() {
    const line = this.#parts.list.querySelector(".place")?.getBoundingClientRect();
    const view = this.#parts.region.getBoundingClientRect();
    return Boolean(line && line.bottom > view.top && line.top < view.bottom);
  }

  /** Anything may have changed. */
  changed() {
    this.#all = true;
    this.#batch.ask();
  }

  /** @param {Entry} entry a new one at the end */
  added(entry) {
    this.#added.push(entry);
    this.#batch.ask();
  }

  /** What is being said has changed. */
  spoke() {
    this.#batch.ask();
  }

  /** Draw now what is to be drawn with the next frame. */
  drawNow() {
    this.#batch.now();
  }

  /** The reader is here now, and stays here. */
  remember() {
    this.#scroll.remember();
  }

  /** The reader has asked to be elsewhere: a movement that goes on ends here. */
  hold() {
    this.#scroll.overrule();
  }

  /** The reader wants to be at the end, whatever movement goes on. */
  goToEnd() {
    this.#scroll.overrule();
    this.drawNow();
  }

  /** Begin at the end. */
  restart() {
    this.changed();
    this.drawNow();
    this.#scroll.toEnd();
  }

  /**
   * Bring an entry into the upper part of the view.
   * @param {number} seq
   * @param {boolean} isFirst whether there is nothing before it
   */
  show(seq, isFirst) {
    this.drawNow();
    this.#scroll.overrule();
    this.#view.settle();
    this.#view.show({ seq });
    const shown = this.#parts.list.querySelector(`[data-seq="${seq}"]`);
    if (isFirst) this.#scroll.toStart();
    else if (shown) this.#scroll.toElement(/** @type {HTMLElement} */ (shown));
    this.#drawMore();
  }

  /**
   * Give captions a class, from now on; one with several highlights has the newest of them.
   * @param {string} name
   * @param {((caption: Caption) => boolean) | null} test null for none
   */
  highlight(name, test) {
    this.#view.highlight(name, test);
  }

  /** Draw marks anew where they are on the page. */
  remark() {
    this.#view.remark();
    this.#parts.onDrawn();
  }

  /**
   * Bring an entry that is loaded, or a part of it, into view, with no more movement than that takes.
   * @param {number} seq
   * @param {string} [part] a selector within the entry
   */
  bring(seq, part = "") {
    this.drawNow();
    const find = () => this.#parts.list.querySelector(`[data-seq="${seq}"]`);
    if (!find()) this.#view.show({ seq });
    const shown = find();
    const target = part ? (shown?.querySelector(part) ?? shown) : shown;
    if (target) this.#scroll.intoView(target);
    this.#drawMore();
    this.#parts.onDrawn();
  }

  /** What is at the top of the view, for `backTo`. */
  get place() {
    return this.#scroll.place;
  }

  /** @param {import("./scroll-keeper.js").Place | null} place */
  backTo(place) {
    if (!place) return;
    this.drawNow();
    this.#view.show({ key: place.key });
    this.#scroll.restore(place);
    this.#drawMore();
    this.#parts.onDrawn();
  }

  /**
   * The unloaded stretch that is nearest to the view, and which of its entries that would be.
   * @param {number} views how far from the view it may be
   */
  holeNear(views) {
    return this.#view.holeNear(views * this.#parts.region.clientHeight);
  }

  #draw() {
    const added = this.#added.splice(0);
    const shown = this.#parts.shown();
    if (this.#all || added.length > MOST_ADDED) this.#redraw(shown);
    else if (added.length) this.#view.append(added, shown.interims);
    else this.#view.drawInterims(shown.interims);
    this.#all = false;
    this.#follow(shown);
    this.#parts.onDrawn();
  }

  /** @param {Shown} shown */
  #redraw({ rows, interims, mark, following }) {
    this.#view.viewPx = this.#parts.region.clientHeight;
    const px = this.#view.topPx;
    const near = (/** @type {string} */ key) => (key ? { key } : { px });
    this.#scroll.keepPlace((key) => {
      this.#view.redraw(rows(), interims, { mark, around: following ? {} : near(key) });
    });
  }

  /** @param {Shown} shown */
  #follow({ following }) {
    if (!following) return;
    if (this.#view.full) this.#view.show({});
    this.#scroll.toEnd();
  }

  #moved() {
    this.#parts.onMove(this.#scroll.moved());
    this.#drawMore();
    this.#parts.onDrawn();
  }

  #drawMore() {
    this.#view.viewPx = this.#parts.region.clientHeight;
    if (!this.#view.wantsMore) return;
    const px = this.#view.topPx;
    this.#scroll.keepPlace(() => this.#view.show({ px }));
  }

  /** The panel, its looks, a late typeface or its content have changed sizes. */
  #resized() {
    this.#view.viewPx = this.#parts.region.clientHeight;
    this.#view.remeasure();
    const shown = this.#parts.shown();
    if (!shown.following) this.#scroll.recall();
    this.#drawMore();
    this.#follow(shown);
    this.#parts.onDrawn();
  }
}
