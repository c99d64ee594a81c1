/** @file Where a search is shown: the offer to be told of new ones. */

import { make, setText } from "./dom.js";
import { ApiError } from "./http.js";
import { askForSearch } from "./saved-search-dialog.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./session-ui.js").SessionUi} SessionUi
 * @typedef {import("./search-address.js").Wanted} Wanted
 */

/** @type {WeakMap<HTMLElement, {query: string, said: HTMLElement}>} */
const offers = new WeakMap();

/**
 * Offer to be told when public rooms mention what is searched for, or something else by now.
 * @param {HTMLElement} place
 * @param {string} query empty where nothing is searched for: nothing is offered
 * @param {SessionUi} session
 */
export function offerSavedSearch(place, query, session) {
  const offer = offers.get(place) ?? build(place, session);
  if (offer.query !== query) setText(offer.said, "");
  offer.query = query;
  place.hidden = !query;
}

/**
 * A search and what narrows it as one query; the times are left out: what is new is told.
 * @param {Wanted} wanted
 */
export function queryOf(wanted) {
  const filters = /** @type {const} */ (["speaker", "host", "room", "lang"]).filter((name) => wanted[name].trim());
  const written = filters.map((name) => `${name}:"${wanted[name].trim().replaceAll('"', " ")}"`);
  return [wanted.q.trim(), ...written].filter(Boolean).join(" ");
}

/**
 * @param {HTMLElement} place
 * @param {SessionUi} session
 */
function build(place, session) {
  const { offer: words } = strings.savedSearches;
  const said = make("p", { class: "said-of-search", role: "status" });
  const button = make("button", { type: "button", class: "button" }, words.open);
  const offer = { query: "", said };
  button.addEventListener("click", async () => {
    if (!(await session.need())) return;
    setText(said, "");
    try {
      const search = await askForSearch({ query: offer.query });
      const link = make("a", { href: "/notifications" }, words.all);
      if (search) said.replaceChildren(words.saved(search.name, waits(search)), " ", link);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) session.expired();
      setText(said, /** @type {Error} */ (error).message);
    }
  });
  place.classList.add("saved-search-offer");
  place.append(button, said);
  offers.set(place, offer);
  return offer;
}

/**
 * The address that has to be confirmed first.
 * @param {import("./saved-search-dialog.js").SavedSearch} search
 */
function waits({ email }) {
  return email && !email.confirmed ? email.address : "";
}
