/**
 * @file Words that the recogniser is unsure of, as ranges of a caption's text. Pure.
 *
 * A long room has many captions, so that a caption keeps the edges of its ranges alone, and none where
 * all is sure.
 */

/** @typedef {import("./types.js").Word} Word */

/**
 * Where the unsure words of a caption are. Words that are not just what the text says, one after
 * another, tell nothing about it.
 * @param {string} text
 * @param {readonly Word[]} words
 * @param {number} below which confidence a word is unsure
 * @returns {number[]} the beginning and the end of each range, ascending; neighbours are one range
 */
export function doubtsOf(text, words, below) {
  /** @type {number[]} */
  const edges = [];
  let at = 0;
  for (const [word, , , confidence] of words) {
    const start = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    if (!word || !text.startsWith(word, start)) return [];
    const end = start + word.length;
    if (confidence < below) {
      if (edges.length && edges.at(-1) === at) edges[edges.length - 1] = end;
      else edges.push(start, end);
    }
    at = end;
  }
  return text.slice(at).trim() ? [] : edges;
}

/** @type {import("./caption-text.js").Marker} */
export function doubtMarks({ doubts = [] }) {
  const marks = [];
  for (let i = 0; i + 1 < doubts.length; i += 2) {
    const [start, end] = /** @type {[number, number]} */ (doubts.slice(i, i + 2));
    marks.push({ start, end, kind: /** @type {const} */ ("doubt") });
  }
  return marks;
}
