/**
 * @file The text of one caption: the words, with marks on some of them. Pure but for `drawText`.
 *
 * Whoever wants to mark words gives a `Marker`: a function from a caption to the ranges of its text.
 * Ranges may lie over each other. A kind is the name of the class that a stylesheet draws it by, and
 * has its element in `ELEMENTS`; what a mark looks like must not be a colour alone.
 */

/**
 * @typedef {"doubt" | "alert-word" | "found" | "found-here" | "cut" | "to-cut"} MarkKind
 *
 * @typedef {object} TextMark a marked range of a caption's text
 * @property {number} start its first character, as JavaScript counts them
 * @property {number} end the first character after it
 * @property {MarkKind} kind
 *
 * @typedef {(caption: import("./caption-store.js").Caption) => readonly TextMark[]} Marker
 *
 * @typedef {{text: string, kinds: MarkKind[]}} Piece text that has the same marks throughout
 */

/**
 * The element that stands for a mark; `span` says nothing to a screen reader.
 * @type {Readonly<Record<MarkKind, keyof HTMLElementTagNameMap>>}
 */
const ELEMENTS = Object.freeze({
  doubt: "span",
  "alert-word": "mark",
  found: "mark",
  "found-here": "mark",
  cut: "del",
  "to-cut": "mark",
});

/**
 * Cut a text where marks begin and end. Put together, the pieces are the text again, whatever the
 * marks are: what lies outside of the text, or is empty, is left out.
 * @param {string} text
 * @param {readonly TextMark[]} marks
 * @returns {Piece[]}
 */
export function pieces(text, marks) {
  const within = marks
    .map(({ start, end, kind }) => ({ start: Math.max(0, start), end: Math.min(text.length, end), kind }))
    .filter(({ start, end }) => start < end);
  const edges = new Set([0, text.length, ...within.flatMap(({ start, end }) => [start, end])]);
  const cuts = [...edges].sort((one, other) => one - other);
  return cuts.slice(0, -1).map((start, i) => {
    const end = /** @type {number} */ (cuts[i + 1]);
    const over = within.filter((mark) => mark.start <= start && end <= mark.end);
    return { text: text.slice(start, end), kinds: [...new Set(over.map(({ kind }) => kind))] };
  });
}

/**
 * What tells whether marks are still the ones that were drawn.
 * @param {readonly TextMark[]} marks
 */
export function signatureOf(marks) {
  return marks.map(({ start, end, kind }) => `${kind} ${start} ${end}`).join();
}

/**
 * Make an element show a text with its marks, and nothing else.
 * @param {HTMLElement} element
 * @param {string} text
 * @param {readonly TextMark[]} marks
 */
export function drawText(element, text, marks) {
  element.replaceChildren(...nodesOf(text, marks));
}

/**
 * @param {string} text
 * @param {readonly TextMark[]} marks
 */
export function nodesOf(text, marks) {
  return pieces(text, marks).map(nodeOf);
}

/**
 * @param {Piece} piece
 * @returns {Node}
 */
function nodeOf({ text, kinds }) {
  return kinds.reduceRight((/** @type {Node} */ inner, kind) => {
    const outer = document.createElement(ELEMENTS[kind]);
    outer.className = kind;
    outer.append(inner);
    return outer;
  }, /** @type {Node} */ (document.createTextNode(text)));
}
