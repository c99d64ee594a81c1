/** @file Captions from what the server sends. Pure. */

import { doubtsOf } from "./doubts.js";

/**
 * @typedef {import("./types.js").Interim} Interim
 * @typedef {import("./types.js").FinalMessage} FinalMessage
 * @typedef {import("./types.js").CorrectionMessage} CorrectionMessage
 * @typedef {import("./caption-store.js").Caption} Caption
 */

/** Who corrects captions when a recogniser has heard the recording of a room as a whole. */
export const SECOND_PASS = "second-pass";

/**
 * @param {FinalMessage} message
 * @param {CorrectionMessage | undefined} early
 * @param {number} unsureBelow
 * @returns {Caption}
 */
export function captionOfFinal(message, early, unsureBelow) {
  const { seq, id, start, end, speaker, overlap, instance = 0 } = message;
  const isNewer = early !== undefined && early.rev > message.rev;
  const corrected = isNewer && early.by?.id !== SECOND_PASS;
  const { text, rev } = isNewer ? early : message;
  const language = message.language ?? "";
  const base = { id, rev, start, end, speaker, text, language };
  const unsure = isNewer || !unsureBelow ? [] : doubtsOf(text, message.words ?? [], unsureBelow);
  const doubts = unsure.length ? { doubts: unsure } : {};
  const more = overlap?.length ? { overlap } : {}; // a long room has many captions: little for each
  return { kind: "caption", seq, ...base, final: true, corrected, instance, ...more, ...doubts };
}

/**
 * @param {Interim} interim
 * @returns {Caption}
 */
export function captionOfInterim({ id, rev, start, end, speaker, text, language = "", kept = true }) {
  const base = { id, rev, start, end, speaker, text, language };
  return { kind: "caption", seq: 0, ...base, final: false, corrected: false, instance: 0, ...(kept ? {} : { kept }) };
}
