/** @file What the braille line says. */

import { plural } from "./strings-amounts.js";

export const brailleStrings = {
  braille: {
    title: "Braille line",
    field: "Captions, line by line",
    cells: "Cells",
    hint: "Down arrow, Enter or Space: next line. Up arrow: the line before. Home: first. End: newest. W: where you are. Escape: close.",
    next: "Next line",
    previous: "Line before",
    newest: "Newest",
    close: "Close the braille line",
    empty: "No captions yet",
    waiting: (/** @type {number} */ lines, /** @type {boolean} */ more) =>
      `${more ? "More than " : ""}${plural(lines, "line waits", "lines wait")}`,
    upToDate: "No line waits",
    where: (/** @type {string} */ clock, /** @type {string} */ waiting) =>
      clock ? `At ${clock}. ${waiting}.` : `${waiting}.`,
    noNext: "No more lines yet.",
    noPrevious: "This is the first line.",
    loading: "Loading…",
    notLoaded: "These captions cannot be loaded now.",
    corrected: (/** @type {string} */ text) => `Corrected: ${text}`,
    unknownSpeaker: "Unknown",
  },
};
