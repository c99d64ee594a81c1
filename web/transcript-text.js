/** @file A kept caption on the page: every word is an element, so that it can be heard, chosen and marked. */

import { nodesOf } from "./caption-text.js";
import { make } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-text.js").TextMark} TextMark
 */

/**
 * Write captions word by word; `data-at` is a word's place in its caption.
 * @param {(caption: Caption) => readonly import("./transcript-words.js").TimedWord[]} wordsOf
 * @returns {(element: HTMLElement, caption: Caption, marks: readonly TextMark[]) => void}
 */
export function wordWriter(wordsOf) {
  return (element, caption, marks) => {
    const { text } = caption;
    const part = (/** @type {number} */ from, /** @type {number} */ to) => nodesOf(text.slice(from, to), within(marks, from));
    const cuts = marks.filter(({ kind }) => kind === "cut");
    /** @type {(Node | string)[]} */
    const nodes = [];
    let at = 0;
    for (const [index, { from, to }] of wordsOf(caption).entries()) {
      if (from > at) nodes.push(...part(at, from));
      if (cuts.some(({ start }) => start === from)) nodes.push(make("span", { class: "cut-label" }, strings.cuts.label), " ");
      nodes.push(make("span", { class: "word", "data-at": index }, ...part(from, to)));
      at = to;
    }
    element.replaceChildren(...nodes, ...part(at, text.length), " ");
  };
}

/**
 * @param {readonly TextMark[]} marks
 * @param {number} from
 */
function within(marks, from) {
  return marks.map(({ start, end, kind }) => ({ start: start - from, end: end - from, kind }));
}
