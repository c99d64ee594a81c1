/** @file The choice of how long a room keeps its recordings. */

import { make } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {{keep_days: number, keep_days_max: number}} Site in days, 0 is for ever
 */

const AS_SITE = "";
const DAYS = Object.freeze([7, 30, 90, 365]);
const FOR_EVER = 0;

/**
 * What can be chosen: what the site grants, and what is chosen now.
 * @param {HTMLSelectElement} select
 * @param {Site | null} site null where it is not known
 * @param {number | null} chosen days, 0 for ever, null for as long as the site does
 */
export function fillKeepOptions(select, site, chosen = null) {
  const { keep_days: usual, keep_days_max: most } = site ?? { keep_days: 0, keep_days_max: 0 };
  const { asSite, days, forEver } = strings.keeping;
  const text = (/** @type {number} */ count) => (count === FOR_EVER ? forEver : days(count));
  const granted = DAYS.filter((count) => !most || count <= most);
  const all = new Set([...granted, ...(most ? [most] : []), ...(chosen ? [chosen] : [])]);
  const counts = [...all].sort((a, b) => a - b);
  if (!most || chosen === FOR_EVER) counts.push(FOR_EVER);
  const byDefault = usual && most ? Math.min(usual, most) : usual || most;
  select.replaceChildren(
    make("option", { value: AS_SITE }, site ? asSite(text(byDefault)) : strings.keeping.asSiteDoes),
    ...counts.map((count) => make("option", { value: count }, text(count))),
  );
  select.value = chosen === null ? AS_SITE : String(chosen);
}

/**
 * What is chosen, as the API takes it.
 * @param {HTMLSelectElement} select
 */
export function keepDaysOf(select) {
  return select.value === AS_SITE ? null : Number(select.value);
}
