/** @file A host edits a recording's chapters: each step is kept at once, and can be taken back. */

import { MOST, added, changed, removed } from "./chapter-edits.js";
import { ChapterKeeper } from "./chapter-keeper.js";
import { ChapterRows } from "./chapter-rows.js";
import { make, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { ask } from "./question.js";
import { strings } from "./strings.js";
import { clock, parseTime, rounded } from "./times.js";
import { ToolSection, button, showButtons } from "./tool-section.js";

/**
 * @typedef {import("./chapter-edits.js").Chapter} Chapter
 * @typedef {import("./chapter-edits.js").Chapters} Chapters
 * @typedef {import("./chapter-keeper.js").Kept} Kept
 *
 * @typedef {object} Parts
 * @property {() => number} here what is heard now, in seconds
 * @property {(time: number) => string} titleAt what a chapter that begins there could be called
 * @property {(chapters: Chapters) => void} onChange
 */

const texts = strings.chapterTool;

/** Rows of chapters, and what can be done with all of them. */
export class ChapterTool {
  #parts;
  #keeper;
  #rows;
  #section;
  #length = 0;
  /** @type {string | null} the recording's cuts, which its times go by */
  #cuts = null;
  #origin = make("p", { class: "hint" });
  #list = make("ol", { class: "chapter-rows" });
  #here = make("span", { id: "chapter-here", class: "quiet" });
  #add = button(texts.add, () => this.#addHere());
  #undo = button(texts.undo, () => void this.#step(this.#keeper.undo(), texts.undone));
  #find = button(texts.findAgain, () => void this.#step(this.#keeper.findAgain(), texts.found));
  #retry = button(strings.tryAgain, () => void this.#step(this.#keeper.retry(), texts.kept));

  /**
   * @param {string} id of the recording
   * @param {Parts} parts
   */
  constructor(id, parts) {
    this.#parts = parts;
    this.#keeper = keeperOf(`/recordings/${encodeURIComponent(id)}/chapters`, {
      onChange: () => this.#draw(),
      onBoth: () => this.#section.say(texts.both),
    });
    this.#rows = new ChapterRows(this.#list, {
      rename: (chapter, title) => this.#rename(chapter, title.trim()),
      moveTo: (chapter, text) => this.#moveTo(chapter, text.trim()),
      moveHere: (chapter) => this.#move(chapter, parts.here()),
      remove: (chapter) => this.#remove(chapter),
      right: () => this.#right(),
    });
    this.#add.setAttribute("aria-describedby", "chapter-here");
    const hint = make("p", { id: "chapter-time-hint", class: "hint" }, texts.timeHint);
    const actions = make("p", { class: "tool-line" }, this.#add, this.#here, this.#undo, this.#find, this.#retry);
    this.#section = new ToolSection("chapters", texts.title, this.#origin, this.#list, hint, actions);
    this.element.hidden = true;
  }

  get element() {
    return this.#section.element;
  }

  /** @param {import("./types.js").Recording} recording */
  show({ duration_s: length, cuts = [] }) {
    this.#length = length;
    const now = JSON.stringify(cuts);
    if (this.#cuts !== null && now !== this.#cuts) this.#keeper.forget();
    this.#cuts = now;
  }

  /** @param {Kept} kept */
  are(kept) {
    this.element.hidden = false;
    this.at(this.#parts.here());
    this.#keeper.are(kept);
  }

  /** @param {number} time what is heard now, in seconds */
  at(time) {
    setText(this.#here, texts.here(clock(time)));
  }

  #addHere() {
    const start = rounded(this.#parts.here());
    if (this.#isWrong(start)) return;
    if (this.#keeper.items.length >= MOST) return this.#wrong(texts.tooMany(MOST));
    const title = this.#parts.titleAt(start) || texts.untitled;
    void this.#do(added(this.#keeper.items, { start_s: start, title }, texts.opening), texts.added(clock(start)));
    this.#rows.focus(start, "title");
  }

  /**
   * @param {Chapter} chapter
   * @param {string} title
   */
  #rename(chapter, title) {
    if (title === chapter.title) return this.#right();
    if (!title) return this.#wrong(texts.needsTitle, chapter, "title");
    void this.#do(changed(this.#keeper.items, this.#indexOf(chapter), { title }), texts.renamed(title));
  }

  /**
   * @param {Chapter} chapter
   * @param {string} text
   */
  #moveTo(chapter, text) {
    const start = parseTime(text);
    if (text === clock(chapter.start_s)) return this.#right();
    if (start === null) return this.#wrong(texts.noTime, chapter, "time");
    this.#move(chapter, start);
  }

  /**
   * @param {Chapter} chapter
   * @param {number} time
   */
  #move(chapter, time) {
    const start = rounded(time);
    if (start === chapter.start_s) return this.#right();
    if (this.#isWrong(start, chapter)) return;
    this.#rows.move(chapter.start_s, start);
    const index = this.#indexOf(chapter);
    void this.#do(changed(this.#keeper.items, index, { start_s: start }), texts.moved(clock(start)));
  }

  /** @param {Chapter} chapter */
  #remove(chapter) {
    const index = this.#indexOf(chapter);
    const rest = removed(this.#keeper.items, index);
    void this.#do(rest, texts.removed(chapter.title));
    const next = rest[Math.min(index, rest.length - 1)];
    if (!next || !this.#rows.focus(next.start_s, "remove")) this.#add.focus();
  }

  /** @param {Chapter} chapter */
  #indexOf({ start_s: start }) {
    return this.#keeper.items.findIndex((one) => one.start_s === start);
  }

  /**
   * @param {Chapters} chapters
   * @param {string} told
   */
  #do(chapters, told) {
    return this.#step(this.#keeper.change(chapters), told);
  }

  /**
   * @param {Promise<void>} work
   * @param {string} told unless there is something more important to tell
   */
  async #step(work, told) {
    this.#right();
    await work;
    if (!this.#keeper.error && !this.#section.said) this.#section.say(told);
  }

  /**
   * Tell why no chapter can begin at a time.
   * @param {number} start
   * @param {Chapter} [moving]
   */
  #isWrong(start, moving) {
    const other = this.#keeper.items.find((one) => one.start_s === start && one.start_s !== moving?.start_s);
    if (other) this.#wrong(texts.taken(other.title), moving, "time");
    else if (start >= this.#length) this.#wrong(texts.tooLate(clock(this.#length)), moving, "time");
    return Boolean(other) || start >= this.#length;
  }

  /**
   * @param {string} text
   * @param {Chapter} [chapter] whose row is to be put right
   * @param {"time" | "title"} [part]
   */
  #wrong(text, chapter, part) {
    this.#right();
    this.#section.fail(text);
    const row = chapter && this.#list.querySelector(`[data-key="${chapter.start_s}"]`);
    const field = row?.querySelector(`input[data-part=${part}]`);
    field?.setAttribute("aria-invalid", "true");
    field?.setAttribute("aria-errormessage", this.#section.errorId);
  }

  #right() {
    this.#section.say("");
    for (const field of this.#list.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  }

  #draw() {
    const { items, edited, canUndo, error } = this.#keeper;
    this.#rows.show(items);
    setText(this.#origin, edited ? texts.edited : items.length ? texts.automatic : texts.none);
    const buttons = /** @type {const} */ ([[this.#undo, canUndo], [this.#find, edited], [this.#retry, Boolean(error)]]);
    showButtons(buttons, this.#add);
    if (error) this.#section.fail(texts.notKept(/** @type {Error} */ (error).message));
    this.#parts.onChange(items);
  }
}

/**
 * @param {string} path
 * @param {{onChange: () => void, onBoth: () => void}} news
 */
function keeperOf(path, news) {
  return new ChapterKeeper({
    ...news,
    read: () => api("GET", path),
    write: (rev, items) => api("PUT", path, { rev, items }),
    find: (rev) => api("DELETE", `${path}?rev=${rev}`),
    isStale: (error) => error instanceof ApiError && error.status === 409,
    decide: (mine, theirs) => ask(texts.question, [sideOf(texts.theirs, theirs, mine), sideOf(texts.mine, mine, theirs)]),
  });
}

/**
 * One side of a disagreement: the chapters that the other side does not have.
 * @param {string} name
 * @param {Chapters} chapters
 * @param {Chapters} others
 */
function sideOf(name, chapters, others) {
  const known = new Set(others.map(({ start_s, title }) => `${start_s} ${title}`));
  const own = chapters.filter(({ start_s, title }) => !known.has(`${start_s} ${title}`));
  const items = own.map(({ start_s, title }) => make("li", {}, clock(start_s), " ", make("bdi", {}, title)));
  const what = items.length ? make("ul", {}, ...items) : make("p", {}, texts.without);
  return make("section", {}, make("h3", {}, name), what);
}
