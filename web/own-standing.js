/** @file What it means to somebody that they are something else in the room than before. Pure. */

/**
 * @typedef {import("./types.js").YouMessage} Standing
 * @typedef {"muted" | "lost" | "removed"} Loss
 */

const SPEAK = ["host", "cohost", "speaker"];

/**
 * What others took from this page's person, which they have to be told.
 * @param {Standing | null} before null when nothing was known
 * @param {Standing} now
 * @param {string} me
 * @returns {Loss | ""}
 */
export function lossOf(before, now, me) {
  if (!before?.role || !now.by || now.by.id === me) return "";
  if (!now.role) return "removed";
  if (SPEAK.includes(before.role) && !SPEAK.includes(now.role)) return "lost";
  return now.muted && !before.muted ? "muted" : "";
}
