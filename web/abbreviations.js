/** @file A captioner's own abbreviations: "rs" becomes "Roomscribe" as they type. Pure. */

/** @typedef {Map<string, string>} Abbreviations by the abbreviation in lower case */

const LINE = /^\s*([^\s=]{1,20})\s*=\s*(\S.{0,199})$/u;

/**
 * Read a list, one "rs = Roomscribe" on each line; others are passed over.
 * @param {string} list
 * @returns {Abbreviations}
 */
export function readAbbreviations(list) {
  /** @type {Abbreviations} */
  const found = new Map();
  for (const line of list.split("\n")) {
    const [, short = "", long = ""] = LINE.exec(line) ?? [];
    if (short) found.set(short.toLowerCase(), long.trim());
  }
  return found;
}

/**
 * Write out the word before the cursor, if it is an abbreviation that was just ended.
 * @param {string} text
 * @param {number} cursor
 * @param {Abbreviations} abbreviations
 * @returns {{text: string, cursor: number} | null} null when there is nothing to do
 */
export function expand(text, cursor, abbreviations) {
  const before = text.slice(0, cursor);
  const [, short = "", end = ""] = /(?:^|\s)([^\s.,;:!?]+)([\s.,;:!?])$/u.exec(before) ?? [];
  const long = abbreviations.get(short.toLowerCase());
  if (!long) return null;
  const kept = before.slice(0, before.length - short.length - end.length);
  const first = short.charAt(0);
  const capital = first !== first.toLowerCase();
  const written = `${kept}${capital ? long.charAt(0).toUpperCase() + long.slice(1) : long}${end}`;
  return { text: written + text.slice(cursor), cursor: written.length };
}
