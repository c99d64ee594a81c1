/** @file What the search page shows of an answer, and where there is none: one state at a time. */

import { byId, setText } from "./dom.js";
import { hideNothing, showNone, showStart } from "./search-empty.js";
import { isEmpty } from "./search-address.js";
import { showNotes } from "./search-notes.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./search-address.js").Wanted} Wanted
 * @typedef {import("./search-types.js").Answer} Answer
 *
 * @typedef {object} ViewParts
 * @property {import("./search-results.js").SearchResults} results
 * @property {import("./search-notes.js").Go} go searches for something else
 * @property {(wanted: Wanted, cursor: string) => Promise<Answer>} fetchMore
 * @property {() => void} onChange other results are shown
 * @property {(text: string) => void} say
 */

const { finding } = strings;

/** The results, or why there are none. */
export class SearchView {
  #parts;
  /** @type {Answer | null} */
  #shown = null;
  /** @type {Wanted | null} what that answers */
  #wanted = null;
  #more = byId("more-results", HTMLButtonElement);

  /** @param {ViewParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#more.addEventListener("click", () => void this.#addMore());
  }

  /** What is shown answers; null where nothing is shown. */
  get wanted() {
    return this.#wanted;
  }

  /**
   * Nothing is asked: there is too little to ask for.
   * @param {Wanted} wanted
   */
  idle(wanted) {
    this.clear();
    setText(byId("too-short"), isEmpty(wanted) ? "" : finding.tooShort);
    showStart(this.#parts.go);
  }

  /** Nothing is shown any more. */
  clear() {
    this.#shown = this.#wanted = null;
    this.#parts.results.show([]);
    this.#parts.onChange();
    for (const id of ["found", "search-error", "more-results"]) byId(id).hidden = true;
    setText(byId("summary"), "");
    showNotes(null, null, this.#parts.go);
  }

  /**
   * @param {Answer} answer
   * @param {Wanted} wanted what it answers
   */
  answer(answer, wanted) {
    [this.#shown, this.#wanted] = [answer, wanted];
    byId("search-error").hidden = true;
    byId("found").hidden = answer.rooms.length === 0;
    this.#parts.results.show(answer.rooms);
    this.#parts.onChange();
    showNotes(answer.query, wanted, this.#parts.go);
    this.#count(answer);
    if (answer.rooms.length || wasGivenUp(answer)) hideNothing();
    else showNone(wanted, this.#parts.go);
  }

  /** @param {unknown} error */
  error(error) {
    this.clear();
    hideNothing();
    setText(byId("search-error-text"), /** @type {Error} */ (error).message || finding.failed);
    byId("search-error").hidden = false;
  }

  /**
   * What was found, in words.
   * @param {Answer} answer
   * @param {Wanted} wanted
   */
  announcement(answer, wanted) {
    const { hints } = answer.query;
    if (wasGivenUp(answer)) return hints.map(({ text }) => text).join(" ");
    const none = wanted.q.trim() ? finding.none.title(wanted.q.trim()) : finding.none.titleFilters;
    return [answer.rooms.length ? this.#summary(answer) : none, hints.length ? finding.hinted(hints.length) : ""].filter(Boolean).join(". ");
  }

  /** @param {Answer} answer */
  #count(answer) {
    setText(byId("summary"), answer.rooms.length ? this.#summary(answer) : "");
    setText(byId("more-error"), "");
    this.#more.hidden = !answer.cursor;
  }

  /** @param {Answer} answer */
  #summary({ total, total_is: kind, cursor }) {
    return finding.summary(total, this.#parts.results.count, { atLeast: kind === "at-least", more: Boolean(cursor) });
  }

  /** Show another page of results; the focus goes to the first new one. */
  async #addMore() {
    const [before, wanted] = [this.#shown, this.#wanted];
    if (!before?.cursor || !wanted || this.#more.getAttribute("aria-disabled") === "true") return;
    this.#more.setAttribute("aria-disabled", "true");
    setText(this.#more, finding.fetching);
    try {
      const answer = await this.#parts.fetchMore(wanted, before.cursor);
      if (this.#shown === before) this.#add(answer);
    } catch (error) {
      if (this.#shown === before) setText(byId("more-error"), /** @type {Error} */ (error).message);
    } finally {
      this.#more.removeAttribute("aria-disabled");
      setText(this.#more, finding.moreResults);
    }
  }

  /** @param {Answer} answer */
  #add(answer) {
    const { results, say } = this.#parts;
    const hadFocus = this.#more === document.activeElement;
    const before = new Set(results.hits);
    this.#shown = answer;
    results.add(answer.rooms);
    this.#count(answer);
    const fresh = results.hits.filter((one) => !before.has(one));
    if (hadFocus) (/** @type {HTMLElement | null | undefined} */ (fresh[0]?.querySelector(".handle")) ?? byId("q")).focus();
    say([finding.added(fresh.length), answer.cursor ? "" : finding.end].filter(Boolean).join(". "));
  }
}

/**
 * Nothing is known of what there is: a hint says why.
 * @param {Answer} answer
 */
function wasGivenUp({ rooms, total_is: kind }) {
  return rooms.length === 0 && kind === "at-least";
}
