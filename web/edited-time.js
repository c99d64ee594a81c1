/** @file The time line of a recording, where its sound begins and what is cut, and that of its room. Pure. */

/** @typedef {{start_s: number, end_s: number}} Cut seconds of the room clock; ascending, and apart from each other */

/** Why a second part is silent until it was started. */
export const NOT_YET = "not recorded yet";

/**
 * When the sound of a recording begins, in seconds.
 * @param {{losses?: readonly import("./types.js").Loss[]}} recording
 */
export function soundStart({ losses = [] }) {
  return losses.find(({ reason }) => reason === NOT_YET)?.duration_s ?? 0;
}

/**
 * Where a time of the room is in the recording; the seam for one that was cut.
 * @param {number} time seconds
 * @param {readonly Cut[]} cuts
 */
export function toEdited(time, cuts) {
  const gone = cuts.filter(({ start_s: start }) => start < time).map(({ start_s: start, end_s: end }) => Math.min(time, end) - start);
  return time - sum(gone);
}

/**
 * Where a time of the recording was in the room; behind the cut for a seam.
 * @param {number} time seconds
 * @param {readonly Cut[]} cuts
 */
export function toRoom(time, cuts) {
  let there = time;
  for (const { start_s: start, end_s: end } of cuts) {
    if (there < start) break;
    there += end - start;
  }
  return there;
}

/**
 * How much is cut, in seconds.
 * @param {readonly Cut[]} cuts
 */
export function lengthOf(cuts) {
  return sum(cuts.map(({ start_s: start, end_s: end }) => end - start));
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((all, one) => all + one, 0);
}
