/** @file What there is to do where nothing is shown: before a search, and where nothing was found. */

import { addressOf, wantedOf } from "./search-address.js";
import { byId, make } from "./dom.js";
import { way } from "./search-notes.js";
import { waysOn } from "./search-ways.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./search-address.js").Wanted} Wanted
 * @typedef {import("./search-notes.js").Go} Go
 */

/** So many of the examples are shown before a search; the others are told under "How to search". */
const FIRST = 4;

/**
 * Show what can be searched.
 * @param {Go} go
 */
export function showStart(go) {
  const { title, text, try: examples } = strings.finding.empty;
  const shown = strings.finding.how.examples.slice(0, FIRST).map(([query]) => make("li", {}, example(query, go)));
  showNothing(
    make("h2", { id: "nothing-title" }, title),
    make("p", {}, text),
    make("p", {}, examples),
    make("ul", { class: "ways" }, ...shown),
  );
}

/**
 * Show that nothing was found, and what to try.
 * @param {Wanted} wanted
 * @param {Go} go
 */
export function showNone(wanted, go) {
  const { title, titleFilters, text, ways } = strings.finding.none;
  const buttons = waysOn(wanted).map((one) => make("li", {}, way(ways[one.kind]?.(one.wanted.q) ?? "", one.wanted, go)));
  const q = wanted.q.trim();
  showNothing(
    make("h2", { id: "nothing-title" }, q ? title(q) : titleFilters),
    make("p", {}, text),
    ...(buttons.length ? [make("ul", { class: "ways" }, ...buttons)] : []),
  );
}

export function hideNothing() {
  byId("nothing").hidden = true;
}

/** @param {...Node} nodes */
function showNothing(...nodes) {
  const place = byId("nothing");
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(...nodes);
  place.hidden = false;
  if (hadFocus) byId("q").focus();
}

/**
 * The examples of how to search, with what they mean.
 * @param {Go} go
 */
export function fillExamples(go) {
  const rows = strings.finding.how.examples.flatMap(([query, meaning]) => [
    make("dt", {}, example(query, go)),
    make("dd", {}, meaning),
  ]);
  byId("examples").append(...rows);
}

/**
 * A link to a search; pressed, the page stays.
 * @param {string} query
 * @param {Go} go
 */
function example(query, go) {
  const wanted = { ...wantedOf(""), q: query };
  const link = make("a", { href: addressOf(wanted), class: "button example" }, query);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in another tab
    event.preventDefault();
    go(wanted);
  });
  return link;
}
