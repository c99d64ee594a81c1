/** @file Numbers in words. */

/**
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
export const plural = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** @param {number} seconds */
export const seconds = (seconds) =>
  seconds < 10 ? `${seconds.toFixed(1)} seconds` : plural(Math.round(seconds), "second", "seconds");

/**
 * A name, a title or spoken words in a sentence: they may be written the other way, and keep to themselves.
 * @param {string} text
 */
export const own = (text) => `\u2068${text}\u2069`;

/**
 * Names in a row, each kept apart from the direction of what is around it.
 * @param {readonly string[]} names
 */
export function listed(names) {
  const apart = names.map(own);
  return apart.length < 2 ? apart.join("") : `${apart.slice(0, -1).join(", ")} and ${apart.at(-1)}`;
}
