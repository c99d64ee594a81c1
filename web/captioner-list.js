/** @file The captions that a captioner can correct: a list to walk with the arrow keys. */

import { byId, make, reconcile, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { correctedMark } from "./revisions.js";
import { strings } from "./strings.js";
import { clock, isoDuration } from "./times.js";

/** @typedef {import("./caption-store.js").Caption} Caption */

/** So many of the newest captions are on the page; older ones are a button away. */
const PAGE = 100;

/** Draws captions, and lets one at a time be edited in place. */
export class CaptionerList {
  #list = byId("said");
  #scroll = byId("said-scroll");
  #older = byId("older");
  #room;
  #shown = PAGE;
  /** @type {readonly Caption[]} */
  #captions = [];
  #complete = false;
  /** @type {{id: string, element: HTMLElement} | null} */
  #editing = null;
  /** Told to get older captions than those that are here. */
  onOlder = () => {};
  /** Told when the captioner wants to go on typing. */
  onLeave = () => {};

  /** @param {string} roomId */
  constructor(roomId) {
    this.#room = roomId;
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("click", (event) => this.#click(event));
    this.#older.addEventListener("click", () => {
      this.#shown += PAGE;
      this.onOlder();
      this.draw(this.#captions, this.#complete);
    });
  }

  /**
   * @param {readonly Caption[]} captions oldest first
   * @param {boolean} complete whether the room's first caption is among them
   */
  draw(captions, complete) {
    [this.#captions, this.#complete] = [captions, complete];
    const atEnd = this.#isAtEnd();
    const shown = captions.slice(this.#first(captions));
    reconcile(this.#list, shown, {
      key: (caption) => caption.id,
      create: (caption) => createRow(caption),
      update: (row, caption) => this.#update(row, caption),
    });
    this.#older.hidden = complete && shown.length === captions.length;
    byId("empty").hidden = captions.length > 0;
    this.#rove();
    if (atEnd && !this.#editing) this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  /** Go to the newest caption. */
  focusLast() {
    this.#buttons().at(-1)?.focus();
  }

  /**
   * Where the list begins; the row that is edited or focused is not taken away by newer ones.
   * @param {readonly Caption[]} captions
   */
  #first(captions) {
    const focused = this.#list.querySelector(".said-row:focus-within");
    const kept = this.#editing?.id ?? /** @type {HTMLElement | null} */ (focused)?.dataset.key;
    const at = kept ? captions.findIndex(({ id }) => id === kept) : -1;
    const from = Math.max(0, captions.length - this.#shown);
    return at < 0 ? from : Math.min(at, from);
  }

  /**
   * @param {HTMLElement} row
   * @param {Caption} caption
   */
  #update(row, caption) {
    if (this.#editing?.id === caption.id) return;
    const shown = String(caption.rev);
    if (row.dataset.rev === shown) return;
    row.dataset.rev = shown;
    const words = /** @type {HTMLElement} */ (row.querySelector(".words"));
    setText(words, caption.text);
    words.lang = caption.language || "";
    if (caption.corrected && !row.querySelector(".mark")) {
      row.append(correctedMark(caption.id));
    }
  }

  /** One caption is in the tab order: the one that was used last, or the newest. */
  #rove() {
    const buttons = this.#buttons();
    const kept = buttons.find((button) => button.tabIndex === 0 && button.dataset.used);
    for (const button of buttons) button.tabIndex = button === (kept ?? buttons.at(-1)) ? 0 : -1;
  }

  #buttons() {
    return /** @type {HTMLElement[]} */ ([...this.#list.querySelectorAll(".words")]);
  }

  #isAtEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.#scroll;
    return scrollHeight - clientHeight - scrollTop < 40;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const row = target.closest(".said-row");
    if (row && target.closest(".words")) this.#edit(/** @type {HTMLElement} */ (row));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.matches(".words")) return;
    const buttons = this.#buttons();
    const at = buttons.indexOf(target);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Escape" || (event.key === "ArrowDown" && at === buttons.length - 1)) {
      event.preventDefault();
      this.onLeave();
    } else if (to !== undefined) {
      event.preventDefault();
      this.#focus(buttons[Math.max(0, to)]);
    }
  }

  /** @param {HTMLElement | undefined} button */
  #focus(button) {
    if (!button) return;
    for (const one of this.#buttons()) {
      delete one.dataset.used;
      one.tabIndex = -1;
    }
    button.dataset.used = "yes";
    button.tabIndex = 0;
    button.focus();
  }

  /** @param {HTMLElement} row */
  #edit(row) {
    const caption = this.#captions.find(({ id }) => id === row.dataset.key);
    if (!caption || this.#editing) return;
    const words = /** @type {HTMLElement} */ (row.querySelector(".words"));
    const field = make("textarea", { rows: 2, maxlength: 2000, dir: "auto", "aria-label": strings.captioner.edit });
    field.value = caption.text;
    const problem = make("p", { class: "error", role: "alert" });
    const hint = make("p", { class: "hint" }, strings.captioner.editHint);
    const editor = make("div", { class: "editor" }, field, hint, problem);
    this.#editing = { id: caption.id, element: editor };
    words.hidden = true;
    words.after(editor);
    field.focus();
    field.select();
    const close = () => this.#close(row, editor);
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") close();
      else if (event.key === "Enter" && !event.shiftKey) void this.#save(caption, field, problem, close);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /**
   * @param {HTMLElement} row
   * @param {HTMLElement} editor one that was closed meanwhile, as while a save took long, stays so
   */
  #close(row, editor) {
    if (this.#editing?.element !== editor) return;
    const { activeElement } = document;
    const isHere = activeElement === document.body || row.contains(activeElement);
    editor.remove();
    this.#editing = null;
    delete row.dataset.rev;
    const words = /** @type {HTMLElement} */ (row.querySelector(".words"));
    words.hidden = false;
    if (isHere) this.#focus(words);
    this.draw(this.#captions, this.#complete);
  }

  /**
   * @param {Caption} caption
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} problem
   * @param {() => void} close
   */
  async #save(caption, field, problem, close) {
    const text = field.value.trim();
    if (text === caption.text) return close();
    if (!text) return setText(problem, strings.captioner.emptyEdit);
    const path = `/rooms/${this.#room}/captions/${encodeURIComponent(caption.id)}`;
    try {
      await api("PATCH", path, { text, rev: caption.rev });
      close();
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) await this.#conflict(caption, field, problem, close);
      else setText(problem, String(/** @type {Error} */ (error).message));
    }
  }

  /**
   * Somebody else was first: show both texts, and let the captioner choose.
   * @param {Caption} caption
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} problem
   * @param {() => void} close
   */
  async #conflict(caption, field, problem, close) {
    const path = `/rooms/${this.#room}/captions/${encodeURIComponent(caption.id)}/revisions`;
    const newest = (await api("GET", path).catch(() => null))?.items.at(-1);
    if (!newest) return setText(problem, strings.captioner.conflictLost);
    const { captioner } = strings;
    const theirs = make("button", { type: "button", class: "button" }, captioner.keepTheirs);
    const mine = make("button", { type: "button", class: "button" }, captioner.saveMine);
    const box = make(
      "div",
      { class: "conflict", role: "group", "aria-label": captioner.conflict },
      make("p", { class: "error" }, captioner.conflict),
      make("dl", {}, ...pair(captioner.theirs(newest.by?.name ?? ""), newest.text), ...pair(captioner.mine, field.value)),
      make("div", { class: "conflict-actions" }, theirs, mine),
    );
    problem.before(box);
    theirs.focus();
    theirs.addEventListener("click", close);
    mine.addEventListener("click", () => {
      box.remove();
      void this.#save({ ...caption, rev: newest.rev, text: newest.text }, field, problem, close);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function pair(name, text) {
  return [make("dt", {}, name), make("dd", { dir: "auto" }, text)];
}

/** @param {Caption} caption */
function createRow({ start, speaker }) {
  const name = speaker?.name ?? strings.captions.unknownSpeaker;
  return make(
    "li",
    { class: "said-row" },
    make("time", { datetime: isoDuration(start) }, clock(start)),
    make("bdi", { class: "speaker" }, name),
    make("button", { type: "button", class: "words", dir: "auto", tabindex: -1 }, ""),
  );
}
