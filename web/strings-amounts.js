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
