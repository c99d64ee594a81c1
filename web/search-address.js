/** @file What is searched for, as the page's address and as the server's question. Pure. */

/** What narrows a search beside its query, in the order of the page's address. */
export const FILTERS = /** @type {const} */ (["speaker", "host", "room", "from", "to", "lang"]);

/**
 * @typedef {(typeof FILTERS)[number]} Filter
 * @typedef {{q: string, exact: string} & Record<Filter, string>} Wanted what is not asked for is ""
 */

/** @type {readonly (keyof Wanted)[]} */
const NAMES = Object.freeze(["q", ...FILTERS, "exact"]);
/** One letter finds nearly everything; one sign of these scripts is a word. */
const ONE_IS_ENOUGH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\d]/u;
const SHORTEST = 2;

/**
 * @param {string} search an address's query
 * @returns {Wanted}
 */
export function wantedOf(search) {
  const query = new URLSearchParams(search);
  const read = NAMES.map((name) => [name, query.get(name) ?? ""]);
  return Object.fromEntries(read);
}

/**
 * The page's address; the same search has always the same one.
 * @param {Wanted} wanted
 */
export function addressOf(wanted) {
  const query = paramsOf(wanted);
  return query.size ? `/search?${query}` : "/search";
}

/**
 * What the server is asked, below `/v1`.
 * @param {Wanted} wanted
 * @param {Record<string, string>} [page] `cursor` and `limit`
 */
export function questionOf(wanted, page = {}) {
  const query = paramsOf(wanted);
  for (const [name, value] of Object.entries(page)) query.set(name, value);
  return `/search?${query}`;
}

/** @param {Wanted} wanted */
function paramsOf(wanted) {
  const given = NAMES.filter((name) => wanted[name].trim());
  return new URLSearchParams(given.map((name) => [name, wanted[name].trim()]));
}

/** @param {Wanted} wanted */
export function activeFilters(wanted) {
  return FILTERS.filter((name) => wanted[name].trim());
}

/**
 * Nothing is asked for.
 * @param {Wanted} wanted
 */
export function isEmpty(wanted) {
  return !wanted.q.trim() && activeFilters(wanted).length === 0;
}

/**
 * What would find too much to be of use.
 * @param {Wanted} wanted
 */
export function isTooShort({ q }) {
  const text = q.trim();
  return text.length > 0 && [...text].length < SHORTEST && !ONE_IS_ENOUGH.test(text);
}

/**
 * @param {Wanted} wanted
 * @returns {Wanted} the query alone
 */
export function withoutFilters(wanted) {
  return { ...wanted, ...Object.fromEntries(FILTERS.map((name) => [name, ""])) };
}

/**
 * A query with a hint's suggestion in it.
 * @param {string} query
 * @param {import("./search-types.js").Hint} hint
 */
export function suggested(query, { start, end, instead = "" }) {
  const letters = [...query];
  return [...letters.slice(0, start), instead, ...letters.slice(end)].join("").trim();
}

/**
 * @param {Wanted} one
 * @param {Wanted} other
 */
export function isSame(one, other) {
  return addressOf(one) === addressOf(other);
}
