/** @file What is said about a query: what it may not mean, and what was looked for besides its words. */

import { byId, make } from "./dom.js";
import { suggested, wantedOf } from "./search-address.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./search-address.js").Wanted} Wanted
 * @typedef {import("./search-types.js").AnsweredQuery} AnsweredQuery
 * @typedef {(wanted: Wanted) => void} Go
 */

/** @type {string} what is shown, as JSON */
let shown = "";

/**
 * @param {AnsweredQuery | null} query
 * @param {Wanted | null} wanted what it was; null for nothing
 * @param {Go} go
 */
export function showNotes(query, wanted, go) {
  const now = JSON.stringify([query, wanted]);
  if (now === shown) return;
  shown = now;
  const place = byId("notes");
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(...(query && wanted ? [...hints(query, wanted, go), ...alike(query, wanted, go)] : []));
  if (hadFocus) byId("q").focus();
}

/**
 * @param {AnsweredQuery} query
 * @param {Wanted} wanted
 * @param {Go} go
 */
function hints({ text, hints: given }, wanted, go) {
  if (!given.length) return [];
  const { finding } = strings;
  const rows = given.map((hint) => {
    const part = [...text].slice(hint.start, hint.end).join("").trim();
    const row = make("li", {}, part ? make("strong", {}, finding.hint(part)) : null, part ? " " : null, make("span", {}, hint.text));
    if (hint.instead === undefined || hint.instead === null) return row;
    const q = suggested(text, hint);
    row.append(" ", way(finding.instead(q), { ...wanted, q }, go));
    return row;
  });
  return [make("ul", { class: "hints", "aria-label": finding.hints }, ...rows)];
}

/**
 * @param {AnsweredQuery} query
 * @param {Wanted} wanted
 * @param {Go} go
 */
function alike({ heard_as: heard, exact, exact_url: url }, wanted, go) {
  const { finding } = strings;
  if (wanted.exact) {
    return [make("p", { class: "alike" }, finding.isExact, " ", way(finding.alsoAlike, { ...wanted, exact: "" }, go))];
  }
  if (exact) return [];
  const words = heard.filter(({ as }) => as.length).map(({ word, as }) => finding.heardAs(word, as));
  const line = make("p", { class: "alike" }, words.length ? words.join(" ") : finding.heardAll);
  if (url) line.append(" ", way(finding.onlyExact, wantedOf(new URL(url, location.href).search), go));
  return [line];
}

/**
 * A button that searches for something else.
 * @param {string} text
 * @param {Wanted} wanted
 * @param {Go} go
 */
export function way(text, wanted, go) {
  const button = make("button", { type: "button", class: "button way" }, text);
  button.addEventListener("click", () => go(wanted));
  return button;
}
