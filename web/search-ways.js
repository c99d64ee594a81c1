/** @file What can be tried where nothing was found. Pure. */

import { activeFilters, isSame, withoutFilters } from "./search-address.js";

/**
 * @typedef {import("./search-address.js").Wanted} Wanted
 * @typedef {{kind: "filters" | "quotes" | "any" | "beginning", wanted: Wanted}} Way
 */

/** So much of a word is said right more often than all of it. */
const BEGINNING = 4;
const MOST_WORDS = 8;

/**
 * Ways to find more, the most promising one first; each of them asks for something else.
 * @param {Wanted} wanted
 * @returns {Way[]}
 */
export function waysOn(wanted) {
  const { q } = wanted;
  const plain = q.replaceAll(/["“”„]/g, " ").replaceAll(/\s+/g, " ").trim();
  const words = plain.split(" ").filter((word) => /^[\p{L}\p{N}'’]+$/u.test(word) && word !== "OR");
  /** @type {Way[]} */
  const ways = [];
  if (activeFilters(wanted).length && q.trim()) ways.push({ kind: "filters", wanted: withoutFilters(wanted) });
  if (plain !== q.trim()) ways.push({ kind: "quotes", wanted: { ...wanted, q: plain } });
  if (words.length > 1 && !q.includes(" OR ")) {
    ways.push({ kind: "any", wanted: { ...wanted, q: words.slice(0, MOST_WORDS).join(" OR ") } });
  }
  const begun = words.map((word) => (word.length > BEGINNING ? `${word.slice(0, BEGINNING)}*` : word)).join(" ");
  if (words.length && begun !== plain) ways.push({ kind: "beginning", wanted: { ...wanted, q: begun } });
  return ways.filter((way) => !isSame(way.wanted, wanted));
}
