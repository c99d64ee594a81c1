/** @file The stretches of a recording in which nobody says anything. Pure. */

import { indexAt } from "./playback.js";

/** A pause between captions that is longer than this, in seconds, can be skipped. */
const PAUSE_S = 1.5;
/** So much of a skipped pause is left before somebody speaks, in seconds: captions begin a little late. */
const LEAD_S = 0.3;
/** In other gaps with sound somebody may have spoken. */
const OFF_RECORD = "off-record";

/**
 * @typedef {{start: number, end: number}} Stretch seconds
 */

/**
 * @param {readonly import("./caption-store.js").Entry[]} entries in the order of their beginning
 * @param {number} length of the recording, in seconds
 * @returns {Stretch[]} ascending, and apart from each other
 */
export function silencesOf(entries, length) {
  /** @type {Stretch[]} */
  const silences = [];
  let heard = 0;
  const add = (/** @type {number} */ until) => {
    if (until - heard > PAUSE_S) silences.push({ start: heard + LEAD_S, end: until - LEAD_S });
  };
  for (const entry of entries) {
    if (entry.kind === "gap" && (entry.silent || entry.reason === OFF_RECORD)) continue;
    add(entry.start);
    heard = Math.max(heard, entry.end);
  }
  add(length);
  return silences;
}

/**
 * The silence that a time is in, while more than a moment of it is left.
 * @param {readonly Stretch[]} silences
 * @param {number} time seconds
 * @returns {Stretch | null}
 */
export function silenceAt(silences, time) {
  const silence = silences[indexAt(silences, time)];
  return silence && time < silence.end - LEAD_S ? silence : null;
}
