/**
 * @file The braille line: captions line by line in a text field of its own, where braille displays
 * follow the caret. The field has the line before and the line after, too, so that a display's own
 * keys, which move the caret, lead on; nothing else moves it (ADR 0022).
 */

import { CELLS, LineBook } from "./braille-lines.js";
import { BraillePlace } from "./braille-place.js";
import { byId, setText } from "./dom.js";
import { strings } from "./strings.js";
import { clock } from "./times.js";

/**
 * @typedef {import("./braille-place.js").Moved} Moved
 * @typedef {{move: () => Moved, seq: number, tries: number}} Awaited a move that needs what is not loaded
 */

const CELLS_KEY = "roomscribe.braille-cells";
/** What does not come is not asked for without end. */
const MOST_TRIES = 3;

/** The mode: its way in and out, its keys, its place between visits. */
export class BrailleLine {
  #panel;
  #say;
  #placeKey;
  #openKey;
  #section = byId("braille");
  #opener = byId("braille-open", HTMLButtonElement);
  #field = byId("braille-field", HTMLTextAreaElement);
  #cells = byId("braille-cells", HTMLInputElement);
  #track = "";
  #place;
  /** @type {Awaited | null} */
  #awaited = null;
  /** What was fetched ahead last. */
  #fetched = 0;
  #drawn = { key: "", before: "", after: "" };

  /**
   * @param {string} roomId
   * @param {import("./caption-panel.js").CaptionPanel} panel
   * @param {(text: string) => void} say answers its reader, in a `role=status`
   */
  constructor(roomId, panel, say) {
    this.#panel = panel;
    this.#say = say;
    this.#placeKey = `roomscribe.braille-place.${roomId}`;
    this.#openKey = `roomscribe.braille-open.${roomId}`;
    this.#place = this.#newPlace();
    this.#cells.value = String(keptCells());
    this.#listen();
    if (sessionStorage.getItem(this.#openKey)) this.#show(true);
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open() {
    this.#show(true);
    this.#begin();
    this.#draw();
    this.#field.focus();
  }

  close() {
    this.#show(false);
    this.#awaited = null;
    this.#panel.fingersSeq = 0;
    this.#opener.focus();
  }

  /** @param {import("./types.js").ServerMessage} message after the panel has taken it */
  receive(message) {
    const { type } = message;
    if (type === "interim" && !message.done) return;
    if (!this.isOpen || type === "status" || type === "speaking") return;
    if (this.#track !== this.#panel.track) this.#restart();
    if (this.#awaited) this.#tryAgain(type === "history");
    else if (!this.#place.seq && type !== "welcome") {
      this.#begin();
      if (document.activeElement === document.body) this.#field.focus(); // as after a reload
    }
    this.#draw();
  }

  get isOpen() {
    return !this.#section.hidden;
  }

  #newPlace() {
    this.#track = this.#panel.track;
    const book = new LineBook((seq) => this.#panel.store.journalAt(seq), keptCells(), (seq) => this.#panel.store.passedAfter(seq));
    return new BraillePlace(book, () => {
      const newest = this.#panel.newestSeq;
      return { first: this.#panel.firstSeq || Math.min(1, newest), newest };
    });
  }

  /** Another track has other numbers. */
  #restart() {
    this.#awaited = null;
    this.#place = this.#newPlace();
  }

  #listen() {
    this.#opener.addEventListener("click", () => this.toggle());
    byId("braille-close").addEventListener("click", () => this.close());
    byId("braille-next").addEventListener("click", () => this.#step(1));
    byId("braille-previous").addEventListener("click", () => this.#step(-1));
    byId("braille-newest").addEventListener("click", () => this.#go(() => this.#place.toNewest()));
    this.#cells.addEventListener("change", () => this.#recut());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#section.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    document.addEventListener("selectionchange", () => this.#caretMoved());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.metaKey || event.isComposing) return;
    const back = event.shiftKey ? -1 : 1;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => this.#step(1),
      ArrowUp: () => this.#step(-1),
      Enter: () => this.#step(back),
      " ": () => this.#step(back),
      Backspace: () => this.#step(-1),
      Home: () => this.#go(() => this.#place.toFirst()),
      End: () => this.#go(() => this.#place.toNewest()),
      w: () => this.#say(this.#where()),
    };
    const run = keys[event.key];
    if (!run || (event.ctrlKey && !["Home", "End"].includes(event.key))) return;
    event.preventDefault();
    run();
  }

  /** A display's own keys, and reading by character, have moved the caret to another line. */
  #caretMoved() {
    const field = this.#field;
    if (document.activeElement !== field || field.selectionStart !== field.selectionEnd) return;
    const line = field.value.slice(0, field.selectionStart).split("\n").length - 1;
    const own = this.#place.before ? 1 : 0;
    if (line !== own) this.#step(line > own ? 1 : -1);
  }

  /** @param {1 | -1} way */
  #step(way) {
    this.#go(() => this.#place.step(way), way < 0 ? strings.braille.noPrevious : strings.braille.noNext);
  }

  /**
   * @param {() => Moved} move
   * @param {string} atEnd what to say when there is nowhere to go
   */
  #go(move, atEnd = "") {
    this.#awaited = null;
    const moved = move();
    if (moved === "moved") this.#keep();
    else if (moved === "end") this.#say(atEnd);
    else {
      this.#await({ move, seq: moved.missing, tries: 0 });
      if (this.#awaited) this.#say(strings.braille.loading);
    }
    this.#draw();
  }

  /** Start where this reader was, where the page's reader has stopped, or at the newest caption. */
  #begin() {
    if (this.#track !== this.#panel.track) this.#restart();
    const [panel, place] = [this.#panel, this.#place];
    const stopped = panel.reading.following ? 0 : panel.seenSeq;
    if (panel.reading.paused) panel.resume("replay");
    if (place.seq) return;
    const kept = this.#kept();
    const mark = stopped ? { seq: stopped, at: 0 } : kept;
    const move = () => (mark ? place.to(mark) : place.toNewest());
    const moved = move();
    if (moved === "moved") this.#keep();
    else if (moved !== "end") this.#await({ move, seq: moved.missing, tries: 0 });
  }

  /** @param {Awaited} awaited */
  #await(awaited) {
    this.#awaited = awaited;
    const panel = this.#panel;
    panel.fingersSeq = awaited.seq;
    // A paused server holds back what this reader asks for.
    if (panel.reading.paused) panel.resume("replay");
    if (panel.loader.around(awaited.seq)) awaited.tries += 1;
    if (panel.store.journalAt(awaited.seq) !== "unknown") this.#tryAgain(false);
  }

  /** @param {boolean} answered whether a page of history has come */
  #tryAgain(answered) {
    const awaited = /** @type {Awaited} */ (this.#awaited);
    if (this.#panel.store.journalAt(awaited.seq) === "unknown") {
      if (awaited.tries < MOST_TRIES) return this.#await(awaited);
      if (!answered) return;
      this.#awaited = null;
      return this.#say(strings.braille.notLoaded);
    }
    this.#awaited = null;
    const moved = awaited.move();
    if (moved === "moved") this.#keep();
    else if (moved !== "end") this.#await({ ...awaited, seq: moved.missing, tries: 0 });
  }

  #recut() {
    const { fewest, usual, most } = CELLS;
    const asked = Math.round(Number(this.#cells.value)) || usual;
    const cells = Math.min(Math.max(asked, fewest), most);
    this.#cells.value = String(cells);
    localStorage.setItem(CELLS_KEY, String(cells));
    this.#place.recut(cells);
    this.#draw();
  }

  /** Show the line. While its reader stays on it, lines beside it are added, and nothing else changes. */
  #draw() {
    this.#panel.fingersSeq = this.#place.seq;
    setText(byId("braille-facts"), this.#where());
    const { before, text, after, mark } = this.#place;
    const key = [mark.seq, mark.at, this.#cells.value].join();
    const drawn = this.#drawn;
    this.#drawn = { key, before, after };
    if (drawn.key !== key) this.#replace(before, text, after);
    else {
      if (before && !drawn.before) this.#insert(`${before}\n`, 0);
      if (after && !drawn.after) this.#insert(`\n${after}`, this.#field.value.length);
    }
    this.#fetchNear();
  }

  /**
   * @param {string} before
   * @param {string} text
   * @param {string} after
   */
  #replace(before, text, after) {
    const caret = before ? before.length + 1 : 0;
    this.#field.value = [before, text, after].filter(Boolean).join("\n");
    this.#field.lang = this.#place.language;
    this.#field.setSelectionRange(caret, caret);
  }

  /**
   * @param {string} text
   * @param {number} at
   */
  #insert(text, at) {
    this.#field.setRangeText(text, at, at, "preserve");
  }

  /** Have what the reader comes to next loaded before they come to it. */
  #fetchNear() {
    const seq = this.#place.missingNear;
    if (!seq || seq === this.#fetched || this.#awaited || this.#panel.reading.paused) return;
    if (this.#panel.loader.around(seq)) this.#fetched = seq;
  }

  #where() {
    const { lines, more } = this.#place.waiting;
    const { braille } = strings;
    const waiting = lines || more ? braille.waiting(lines, more) : braille.upToDate;
    const start = this.#place.startS;
    return braille.where(start === null ? "" : clock(start), waiting);
  }

  /** @param {boolean} shown */
  #show(shown) {
    this.#section.hidden = !shown;
    this.#opener.setAttribute("aria-expanded", String(shown));
    if (shown) sessionStorage.setItem(this.#openKey, "yes");
    else sessionStorage.removeItem(this.#openKey);
  }

  #keep() {
    const place = { ...this.#place.mark, track: this.#track };
    localStorage.setItem(this.#placeKey, JSON.stringify(place));
  }

  /** @returns {import("./braille-place.js").Mark | null} */
  #kept() {
    try {
      const { seq, at, track } = JSON.parse(localStorage.getItem(this.#placeKey) ?? "{}");
      return track === this.#track && seq > 0 && at >= 0 ? { seq, at } : null;
    } catch {
      return null;
    }
  }
}

/** @returns {number} */
function keptCells() {
  const kept = Number(localStorage.getItem(CELLS_KEY)) || CELLS.usual;
  return Math.min(Math.max(kept, CELLS.fewest), CELLS.most);
}
