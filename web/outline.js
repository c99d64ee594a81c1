/** @file A recording's sound as bars, and who speaks in each. Pure. */

/**
 * @typedef {import("./types.js").Person} Person
 *
 * @typedef {object} Peaks as the API has them: the lowest and the highest sample of each point
 * @property {number} bits
 * @property {number} length points
 * @property {number} duration_s
 * @property {number[]} data two for each point
 *
 * @typedef {{height: number, speaker: Person | null}} Bar `height` of 1 is the loudest there is
 */

/**
 * The loudest of what falls into each bar.
 * @param {Peaks} peaks
 * @param {number} count
 * @returns {number[]} heights from 0 to 1
 */
export function heightsOf({ bits, length, data }, count) {
  const most = 2 ** (bits - 1);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * length) / count));
    const within = data.slice(2 * from, 2 * to).map(Math.abs);
    return Math.min(1, Math.max(0, ...within) / most);
  });
}

/**
 * Who speaks in each bar: who began last in it.
 * @param {readonly {start: number, end: number, speaker: Person | null}[]} captions
 * @param {number} lengthS
 * @param {number} count
 * @returns {(Person | null)[]} null where nobody is known to speak
 */
export function speakersOf(captions, lengthS, count) {
  /** @type {(Person | null)[]} */
  const speakers = Array.from({ length: count }, () => null);
  const barOf = (/** @type {number} */ time) => Math.min(count - 1, Math.max(0, Math.floor((time / lengthS) * count)));
  for (const { start, end, speaker } of captions) speakers.fill(speaker, barOf(start), barOf(end) + 1);
  return speakers;
}

/**
 * The bars in which somebody else begins to speak, none nearer to the one before than `apart`.
 * @param {readonly (Person | null)[]} speakers
 * @param {number} apart
 */
export function beginnings(speakers, apart) {
  /** @type {{bar: number, speaker: Person}[]} */
  const found = [];
  /** @type {string | undefined} */
  let before;
  for (const [bar, speaker] of speakers.entries()) {
    if (!speaker || speaker.id === before) continue;
    before = speaker.id;
    const last = found.at(-1);
    if (!last || bar - last.bar >= apart) found.push({ bar, speaker });
  }
  return found;
}
