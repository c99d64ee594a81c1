/** @file Passages that are cut, or are to be: their times as people write them, and the words in them. Pure. */

/**
 * @typedef {import("./edited-time.js").Cut} Cut
 * @typedef {import("./transcript-words.js").TimedWord} TimedWord
 * @typedef {import("./caption-text.js").TextMark} TextMark
 */

/** A cut takes whole packets of 20 ms, so it may touch the word beside it; times have milliseconds. */
const EDGE_S = 0.021;

/**
 * A place in a recording, exact to 10 ms: `0:04.20` or `1:02:04.20`.
 * @param {number} seconds
 */
export function place(seconds) {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const [hours, minutes] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6000) % 60];
  const rest = ((hundredths % 6000) / 100).toFixed(2).padStart(5, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * What somebody wrote as a place: seconds, `0:04.2` or `1:02:04,25`.
 * @param {string} text
 * @returns {number | null}
 */
export function parsePlace(text) {
  const parts = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d+(?:[.,]\d{1,3})?)$/.exec(text.trim());
  if (!parts) return null;
  const [hours = "0", minutes = "0", seconds = "0"] = parts.slice(1);
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(",", "."));
}

/**
 * Whether a word is cut: its middle is, or more of it than a packet at its edge. The server has the same rule.
 * @param {{start: number, end: number}} word
 * @param {readonly Cut[]} cuts
 */
export function isCut({ start, end }, cuts) {
  const middle = (start + end) / 2;
  return cuts.some(
    (cut) => (cut.start_s <= middle && middle < cut.end_s) || Math.min(end, cut.end_s) - Math.max(start, cut.start_s) > EDGE_S,
  );
}

/**
 * Marks on what is cut of a caption: each from the first to the last of words that follow each other.
 * @param {readonly TimedWord[]} words
 * @param {readonly Cut[]} cuts
 * @param {import("./caption-text.js").MarkKind} kind
 * @returns {TextMark[]}
 */
export function marksOf(words, cuts, kind) {
  /** @type {TextMark[]} */
  const marks = [];
  let before = false;
  for (const word of cuts.length ? words : []) {
    const cut = isCut(word, cuts);
    const last = marks.at(-1);
    if (cut && before && last) last.end = word.to;
    else if (cut) marks.push({ start: word.from, end: word.to, kind });
    before = cut;
  }
  return marks;
}

/**
 * Where a passage is heard across its seam: a little before and behind it.
 * @param {Cut} cut
 * @param {number} around seconds
 * @param {number} length of the recording
 */
export function acrossSeam({ start_s: start, end_s: end }, around, length) {
  return { from: Math.max(0, start - around), until: Math.min(length, end + around) };
}
