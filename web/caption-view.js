/**
 * @file The caption history on the page. Only the blocks near the reader are drawn, between paddings
 * as tall as the others; what is drawn changes as little as possible.
 */

import { BlockHeights } from "./block-heights.js";
import { createBlock, updateTurn, writeText } from "./caption-blocks.js";
import { reconcile } from "./dom.js";
import { REACH, extend, lastSeq, tailWith } from "./turns.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {import("./caption-store.js").Hole} Hole
 * @typedef {import("./turns.js").Block} Block
 *
 * @typedef {object} Around what is to be near the drawn blocks: one of these
 * @property {number} [px] a height in the list
 * @property {string} [key] a caption's id
 * @property {number} [seq] an entry's number
 */

/** Drawn beyond what is in view, on each side: this many views and this many blocks at least. */
const VIEWS_BEYOND = 2;
const BLOCKS_BEYOND = 40;
/** Drawing begins anew when the view comes this near to the end of what is drawn. */
const VIEWS_LEFT = 1;
/** More than this is not drawn for the sake of a selection. */
const MOST_SELECTED = 600;
/** When live captions have made it this many, the oldest ones are taken away. */
const MOST_FOLLOWED = 240;
/** No more blocks than this are drawn because captions came below them. */
const MOST_DRAWN = 300;

/** Draws entries into a list; it knows nothing of pausing, and never scrolls. */
export class CaptionView {
  #list;
  #drawing;
  #heights = new BlockHeights();
  /** @type {Block[]} */
  #settled = [];
  /** @type {Block[]} the blocks from `#tailFrom` on, with what is being said */
  #tail = [];
  #tailFrom = 0;
  /** Which blocks are drawn, the last one excluded. */
  #first = 0;
  #end = 0;
  #mark = 0;
  /** @type {Map<string, (caption: Caption) => boolean>} classes, and which captions have them */
  #highlights = new Map();
  /** How far the drawn blocks are from where their heights would put them. */
  #drift = 0;
  /** How much is in view, in pixels. */
  viewPx = 600;

  /**
   * @param {HTMLElement} list
   * @param {Partial<import("./caption-blocks.js").Drawing>} [drawing]
   */
  constructor(list, { markers = [], speakers = null, write = writeText } = {}) {
    this.#list = list;
    this.#drawing = { markers, speakers, write, highlightOf: this.#highlightOf };
  }

  /**
   * Draw what is near a place, or near the end; elements whose caption stays are kept.
   * @param {readonly (Entry | Hole)[]} rows
   * @param {readonly Caption[]} interims
   * @param {{mark: number, around?: Around}} options
   */
  redraw(rows, interims, { mark, around = {} }) {
    this.#mark = mark;
    this.#settled = extend([], rows, mark);
    this.#speak(interims);
    this.#heights.use(this.#count, this.#block, 0);
    this.#heights.learn();
    this.#frame(around);
  }

  /**
   * More entries at the end, drawn if that is near.
   * @param {readonly Entry[]} entries
   * @param {readonly Caption[]} interims
   */
  append(entries, interims) {
    const from = this.#openFrom;
    extend(this.#settled, entries, this.#mark);
    this.#drawTail(from, interims);
  }

  /**
   * What is being said now, drawn if the end is near.
   * @param {readonly Caption[]} interims
   */
  drawInterims(interims) {
    this.#drawTail(this.#openFrom, interims);
  }

  /**
   * @param {string} name a class
   * @param {((caption: Caption) => boolean) | null} test which captions have it, null for none
   */
  highlight(name, test) {
    this.#highlights.delete(name);
    if (test) this.#highlights.set(name, test);
    this.#draw(this.#first);
  }

  /** Draw marks anew where they are on the page. */
  remark() {
    this.#draw(this.#first);
  }

  /** @param {Caption} caption */
  #highlightOf = (caption) => {
    return [...this.#highlights].findLast(([, test]) => test(caption))?.[0] ?? "";
  };

  /** Whether following live captions has drawn too much. */
  get full() {
    return this.#end - this.#first > MOST_FOLLOWED;
  }

  /**
   * Draw what is near a place, or near the end.
   * @param {Around} around
   */
  show(around) {
    this.#frame(around);
  }

  /** Whether the reader is about to see what is not drawn. */
  get wantsMore() {
    const { top, bottom } = this.#seen(VIEWS_LEFT);
    const above = this.#first > 0 && this.#heights.top(this.#first) > top;
    return above || (this.#end < this.#count && this.#heights.top(this.#end) < bottom);
  }

  /** The height in the list at which the view begins. */
  get topPx() {
    const region = /** @type {HTMLElement} */ (this.#list.parentElement);
    return region.getBoundingClientRect().top - this.#list.getBoundingClientRect().top - this.#drift;
  }

  /**
   * The unloaded stretch that is nearest to the view, and which of its entries that would be.
   * @param {number} aheadPx how far from the view it may be
   * @returns {{hole: Hole, seq: number} | null}
   */
  holeNear(aheadPx) {
    const top = this.topPx;
    const middle = top + this.viewPx / 2;
    let nearest = null;
    let distance = aheadPx + this.viewPx / 2;
    for (let i = this.#heights.at(top - aheadPx); i < this.#count; i++) {
      const [from, to] = [this.#heights.top(i), this.#heights.top(i + 1)];
      if (from > top + this.viewPx + aheadPx) break;
      const hole = this.#block(i);
      if (hole.kind !== "hole") continue;
      const away = Math.max(0, from - middle, middle - to);
      if (away > distance) continue;
      const part = Math.min(1, Math.max(0, (middle - from) / (to - from)));
      const seq = hole.from + Math.floor(part * (hole.to - hole.from));
      [nearest, distance] = [{ hole: { kind: hole.kind, from: hole.from, to: hole.to }, seq }, away];
    }
    return nearest;
  }

  /** The numbers of the first and the last entry that are drawn. */
  get drawn() {
    let [from, to] = [0, 0];
    for (let i = this.#first; i < Math.min(this.#end, this.#count); i++) {
      const block = this.#block(i);
      if (block.kind !== "turn" && block.kind !== "gap") continue;
      const first = block.kind === "gap" ? block.gap.seq : (block.captions[0]?.seq ?? 0);
      const last = block.kind === "gap" ? block.gap.seq : (block.captions.findLast(({ seq }) => seq)?.seq ?? 0);
      if (!from) from = first;
      to = Math.max(to, last);
    }
    return { from, to };
  }

  /**
   * Measure what is drawn again. When a caption's height has changed though its words have not, the
   * width or the looks have: nothing that was measured elsewhere holds any more.
   */
  remeasure() {
    const restyled = this.#isRestyled;
    if (restyled) this.#heights.forget();
    this.#measure();
    if (restyled) this.#heights.learn();
    this.#pad();
  }

  get #isRestyled() {
    return this.#drawnHeights().some(([index, px]) => index < this.#tailFrom && this.#heights.differs(index, px));
  }

  /**
   * Move what is drawn without scrolling, which would stop a movement that goes on.
   * @param {number} px downwards
   * @returns {boolean} false when there is no room for it
   */
  nudge(px) {
    if (this.#heights.top(this.#first) + this.#drift + px < 0) return false;
    this.#drift += px;
    this.#pad();
    return true;
  }

  /** @returns {number} how far everything moves up, now that nothing is nudged any more */
  settle() {
    const drift = this.#drift;
    this.#drift = 0;
    if (drift) this.#pad();
    return drift;
  }

  /** @type {(index: number) => Block} */
  #block = (index) =>
    /** @type {Block} */ (
      index < this.#tailFrom ? this.#settled[index] : this.#tail[index - this.#tailFrom]
    );

  get #count() {
    return this.#tailFrom + this.#tail.length;
  }

  /** The first block that another entry may change. */
  get #openFrom() {
    return Math.max(0, this.#settled.length - REACH);
  }

  /** @param {readonly Caption[]} interims */
  #speak(interims) {
    this.#tailFrom = this.#openFrom;
    this.#tail = tailWith(this.#settled, this.#tailFrom, interims, this.#mark);
  }

  /**
   * @param {number} from the first block that may differ
   * @param {readonly Caption[]} interims
   */
  #drawTail(from, interims) {
    const wasAt = this.#end;
    const wasEnd = wasAt >= this.#count;
    this.#speak(interims);
    this.#heights.use(this.#count, this.#block, Math.min(from, this.#tailFrom));
    if (!wasEnd) {
      this.#pad();
      return;
    }
    // A flood of captions below a reader who does not follow is not drawn before they come to it.
    this.#end = Math.min(this.#count, Math.max(wasAt, this.#first + MOST_DRAWN));
    this.#draw(Math.max(this.#first, Math.min(from, this.#tailFrom)));
  }

  /** @param {Around} around */
  #frame(around) {
    const { first, end } = this.#range(around);
    [this.#first, this.#end] = [first, end];
    this.#draw(first);
    this.#measure();
    this.#pad();
  }

  /** @param {Around} around */
  #range(around) {
    const { top, bottom } = this.#seen(VIEWS_BEYOND, this.#place(around));
    const inView = this.#seen(0, this.#place(around));
    const heights = this.#heights;
    let first = Math.min(heights.at(top), heights.at(inView.top) - BLOCKS_BEYOND);
    let end = 1 + Math.max(heights.at(bottom), heights.at(inView.bottom) + BLOCKS_BEYOND);
    const selected = this.#selected();
    if (selected && Math.max(end, selected.end) - Math.min(first, selected.first) <= MOST_SELECTED) {
      first = Math.min(first, selected.first);
      end = Math.max(end, selected.end);
    }
    return { first: Math.max(0, first), end: Math.min(this.#count, end) };
  }

  /**
   * The stretch of the list that is in view, and some views beyond it.
   * @param {number} views
   * @param {number} [top]
   */
  #seen(views, top = this.topPx) {
    return { top: top - views * this.viewPx, bottom: top + (views + 1) * this.viewPx };
  }

  /**
   * @param {Around} around
   * @returns {number} the height in the list
   */
  #place({ px, key, seq }) {
    if (px !== undefined) return px;
    const index = key ? this.#indexOfCaption(key) : seq ? this.#indexOf(seq) : -1;
    return index < 0 ? this.#heights.total - this.viewPx : this.#heights.top(index);
  }

  /** @param {string} key */
  #indexOfCaption(key) {
    for (let i = this.#count - 1; i >= 0; i--) {
      const block = this.#block(i);
      if (block.kind === "turn" && block.captions.some(({ id }) => id === key)) return i;
    }
    return -1;
  }

  /** @param {number} seq */
  #indexOf(seq) {
    for (let i = 0; i < this.#count; i++) {
      if (lastSeq(this.#block(i)) >= seq) return i;
    }
    return this.#count - 1;
  }

  /** The blocks that hold the selection or the focus: taking them away would end both. */
  #selected() {
    const selection = getSelection();
    const nodes = [document.activeElement];
    if (selection && !selection.isCollapsed) nodes.push(...[selection.anchorNode, selection.focusNode].map(elementOf));
    const places = nodes.flatMap((node) => {
      const block = node && this.#list.contains(node) ? node.closest("#turns > li") : null;
      const caption = /** @type {HTMLElement | null | undefined} */ (block?.querySelector(".caption"));
      const index = caption ? this.#indexOfCaption(caption.dataset.key ?? "") : -1;
      return index < 0 ? [] : [index];
    });
    if (places.length === 0) return null;
    return { first: Math.min(...places), end: Math.max(...places) + 1 };
  }

  /** @param {number} from */
  #draw(from) {
    const shown = [];
    for (let i = from; i < this.#end; i++) shown.push(this.#block(i));
    reconcile(this.#list, shown, {
      from: from - this.#first,
      key: (block) => block.key,
      create: createBlock,
      update: (element, block) => this.#update(element, block),
    });
    this.#pad();
  }

  /**
   * @param {HTMLElement} element
   * @param {Block} block
   */
  #update(element, block) {
    if (block.kind === "turn") updateTurn(element, block, this.#drawing);
    if (block.kind !== "hole") return;
    const px = `${(block.to - block.from + 1) * this.#heights.holePx}px`;
    if (element.style.blockSize !== px) element.style.blockSize = px;
  }

  #measure() {
    for (const [index, px] of this.#drawnHeights()) this.#heights.measure(index, px);
  }

  /** @returns {[number, number][]} the index of each drawn block that is loaded, and its pixels */
  #drawnHeights() {
    const one = this.#list.firstElementChild;
    const marginPx = one ? Number.parseFloat(getComputedStyle(one).marginBlockEnd) || 0 : 0;
    return [...this.#list.children].flatMap((element, i) => {
      if (element.classList.contains("hole")) return [];
      return [[this.#first + i, element.getBoundingClientRect().height + marginPx]];
    });
  }

  /** Stand in for what is not drawn. */
  #pad() {
    const { style } = this.#list;
    const above = `${Math.max(0, this.#heights.top(this.#first) + this.#drift)}px`;
    const below = `${Math.max(0, this.#heights.total - this.#heights.top(this.#end))}px`;
    if (style.paddingBlockStart !== above) style.paddingBlockStart = above;
    if (style.paddingBlockEnd !== below) style.paddingBlockEnd = below;
  }
}

/** @param {Node | null} node */
function elementOf(node) {
  return node instanceof Element ? node : (node?.parentElement ?? null);
}
