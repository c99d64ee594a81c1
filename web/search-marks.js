/** @file The words that match, marked in a text. Marks count code points, the page's text does not. Pure. */

/**
 * Marks as ranges of a JavaScript string, for `nodesOf`.
 * @param {string} text
 * @param {readonly import("./search-types.js").Mark[]} marks
 * @returns {import("./caption-text.js").TextMark[]}
 */
export function textMarks(text, marks) {
  /** @type {number[]} where each code point begins, and the end */
  const places = [];
  let at = 0;
  for (const letter of text) {
    places.push(at);
    at += letter.length;
  }
  places.push(at);
  const place = (/** @type {number} */ point) => places[Math.max(0, Math.min(point, places.length - 1))] ?? at;
  return marks.map(([start, end]) => ({ start: place(start), end: place(end), kind: "found" }));
}
