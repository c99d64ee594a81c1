/** @file Chapters as rows that a host edits: when each begins, and what it is called. */

import { TITLE_CHARS } from "./chapter-edits.js";
import { make, reconcile } from "./dom.js";
import { strings } from "./strings.js";
import { clock } from "./times.js";

/**
 * @typedef {import("./chapter-edits.js").Chapter} Chapter
 * @typedef {"time" | "title" | "here" | "remove"} Part of a row
 *
 * @typedef {object} Edits
 * @property {(chapter: Chapter, title: string) => void} rename
 * @property {(chapter: Chapter, text: string) => void} moveTo a time as it was typed
 * @property {(chapter: Chapter) => void} moveHere
 * @property {(chapter: Chapter) => void} remove
 * @property {() => void} right what was wrong is put right
 */

/** What somebody is writing is left alone when the chapters change meanwhile. */
export class ChapterRows {
  #list;
  #edits;

  /**
   * @param {HTMLElement} list
   * @param {Edits} edits
   */
  constructor(list, edits) {
    this.#list = list;
    this.#edits = edits;
    list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {readonly Chapter[]} chapters */
  show(chapters) {
    const numbered = chapters.map((chapter, index) => ({ chapter, number: index + 1 }));
    const focused = document.activeElement;
    reconcile(this.#list, numbered, {
      key: ({ chapter }) => String(chapter.start_s),
      create: ({ chapter }) => this.#row(chapter.start_s),
      update: (row, { chapter, number }) => this.#update(row, chapter, number),
    });
    // A row that has changed places keeps the focus that it had.
    if (focused instanceof HTMLElement && this.#list.contains(focused)) focused.focus({ preventScroll: true });
  }

  /**
   * The row of a chapter goes with it to another time.
   * @param {number} from
   * @param {number} to
   */
  move(from, to) {
    const row = this.#rowOf(from);
    if (row) row.dataset.key = String(to);
  }

  /**
   * Go to a part of a chapter's row, or to the nearest that there is.
   * @param {number} start
   * @param {Part} part
   */
  focus(start, part) {
    const row = this.#rowOf(start);
    const wanted = row?.querySelector(`[data-part="${part}"]`) ?? row?.querySelector("[data-part=title]");
    if (!(wanted instanceof HTMLElement)) return false;
    wanted.focus();
    if (wanted instanceof HTMLInputElement) wanted.select();
    return true;
  }

  /** @param {number} start */
  #rowOf(start) {
    const rows = /** @type {HTMLElement[]} */ ([...this.#list.children]);
    return rows.find(({ dataset }) => dataset.key === String(start));
  }

  /** @param {number} start */
  #row(start) {
    const { chapterTool: texts } = strings;
    const row = make("li", { class: "chapter-row" });
    const now = () => ({ start_s: Number(row.dataset.key), title: input(row, "title").dataset.kept ?? "" });
    const time = make("input", { type: "text", size: 8, autocomplete: "off", "data-part": "time", "aria-describedby": "chapter-time-hint" });
    const title = make("input", { type: "text", maxlength: TITLE_CHARS, autocomplete: "off", dir: "auto", "data-part": "title" });
    const here = make("button", { type: "button", class: "button", "data-part": "here" }, texts.toHere);
    const remove = make("button", { type: "button", class: "button", "data-part": "remove" }, texts.remove);
    time.addEventListener("change", () => this.#edits.moveTo(now(), time.value));
    title.addEventListener("change", () => this.#edits.rename(now(), title.value));
    here.addEventListener("click", () => this.#edits.moveHere(now()));
    remove.addEventListener("click", () => this.#edits.remove(now()));
    // The recording's beginning belongs to some chapter: the first one stays there.
    row.append(...(start ? [time] : [make("span", { class: "chapter-start" }, clock(0))]), title, ...(start ? [here] : []), remove);
    return row;
  }

  /**
   * @param {HTMLElement} row
   * @param {Chapter} chapter
   * @param {number} number
   */
  #update(row, { start_s: start, title }, number) {
    const { names } = strings.chapterTool;
    for (const part of /** @type {Part[]} */ (["time", "title", "here", "remove"])) {
      row.querySelector(`[data-part=${part}]`)?.setAttribute("aria-label", names[part](number));
    }
    if (start) put(input(row, "time"), clock(start));
    put(input(row, "title"), title);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { target, key } = event;
    if (key !== "Escape" || !(target instanceof HTMLInputElement)) return;
    target.value = target.dataset.kept ?? "";
    if (target.hasAttribute("aria-invalid")) this.#edits.right();
    target.select();
  }
}

/**
 * @param {HTMLElement} row
 * @param {Part} part
 * @returns {HTMLInputElement}
 */
export function input(row, part) {
  return /** @type {HTMLInputElement} */ (row.querySelector(`[data-part=${part}]`));
}

/**
 * Show what is kept, unless somebody is writing something else there.
 * @param {HTMLInputElement} field
 * @param {string} value
 */
function put(field, value) {
  const isWritten = field.value !== (field.dataset.kept ?? "") && document.activeElement === field;
  field.dataset.kept = value;
  if (isWritten) return;
  field.value = value;
  field.removeAttribute("aria-invalid");
}
