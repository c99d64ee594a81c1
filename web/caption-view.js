/** @file The caption history on the page: turns drawn with as few changes as possible. */

import { make, reconcile, setText } from "./dom.js";
import { strings } from "./strings.js";
import { clock, isoDuration } from "./times.js";
import { REACH, extend, tailWith } from "./turns.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {import("./turns.js").Block} Block
 */

/** Draws entries into a list; it knows nothing of pausing or scrolling. */
export class CaptionView {
  #list;
  /** @type {Block[]} */
  #settled = [];

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  /**
   * Draw everything; elements whose caption stays are kept.
   * @param {readonly Entry[]} entries
   * @param {readonly Caption[]} interims
   */
  redraw(entries, interims) {
    this.#settled = extend([], entries);
    this.#draw(0, interims);
  }

  /**
   * Draw one more entry at the end.
   * @param {Entry} entry
   * @param {readonly Caption[]} interims
   */
  append(entry, interims) {
    const from = this.#openFrom;
    extend(this.#settled, [entry]);
    this.#draw(from, interims);
  }

  /**
   * Draw what is being said now.
   * @param {readonly Caption[]} interims
   */
  drawInterims(interims) {
    this.#draw(this.#openFrom, interims);
  }

  /** The first block that another entry may change. */
  get #openFrom() {
    return Math.max(0, this.#settled.length - REACH);
  }

  /**
   * @param {number} from index of the first block that may differ
   * @param {readonly Caption[]} interims
   */
  #draw(from, interims) {
    reconcile(this.#list, tailWith(this.#settled, from, interims), {
      from,
      key: (block) => block.key,
      create: (block) => (block.kind === "gap" ? createGap(block.gap) : createTurn(block)),
      update: updateBlock,
    });
  }
}

/** @param {import("./caption-store.js").Gap} gap */
function createGap({ start, end, reason }) {
  return make("li", { class: "gap" }, time(start), " ", strings.captions.gap(end - start, reason));
}

/** @param {import("./turns.js").Turn} turn */
function createTurn(turn) {
  const name = turn.speaker?.name ?? strings.captions.unknownSpeaker;
  return make(
    "li",
    { class: "turn" },
    make("p", { class: "turn-head" }, make("bdi", { class: "speaker" }, name), " ", time(turn.start)),
    make("p", { class: "turn-text", dir: "auto" }),
  );
}

/** @param {number} seconds */
function time(seconds) {
  return make("time", { datetime: isoDuration(seconds) }, clock(seconds));
}

/**
 * @param {HTMLElement} element
 * @param {Block} block
 */
function updateBlock(element, block) {
  if (block.kind === "gap") return;
  const [head, text] = /** @type {[HTMLElement, HTMLElement]} */ (
    /** @type {unknown} */ (element.children)
  );
  setText(/** @type {HTMLElement} */ (head.lastElementChild), clock(block.start));
  const speaker = block.speaker?.name ?? strings.captions.unknownSpeaker;
  setText(/** @type {HTMLElement} */ (head.firstElementChild), speaker);
  reconcile(text, block.captions, {
    key: (caption) => caption.id,
    create: () => make("span", { class: "caption" }, ""),
    update: updateCaption,
  });
}

/**
 * @param {HTMLElement} element
 * @param {Caption} caption
 */
function updateCaption(element, caption) {
  const shown = `${caption.rev} ${caption.final}`;
  if (element.dataset.shown === shown) return;
  element.dataset.shown = shown;
  element.classList.toggle("interim", !caption.final);
  setLanguage(element, caption.language);
  element.textContent = `${caption.text} `;
  if (caption.corrected) {
    element.append(make("span", { class: "mark" }, strings.captions.correctedMark), " ");
  }
}

/**
 * Say in which language an element's text is; an unknown one is the page's.
 * @param {HTMLElement} element
 * @param {string} language
 */
function setLanguage(element, language) {
  if (language) element.lang = language;
  else element.removeAttribute("lang");
}
