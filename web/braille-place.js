/** @file Where the reader of a braille line is, and where each key leads. Pure. */

/**
 * @typedef {import("./braille-lines.js").LineBook} LineBook
 * @typedef {"moved" | "end" | {missing: number}} Moved `missing` has to be loaded first
 * @typedef {{seq: number, at: number}} Mark a place that outlives another length of lines
 */

/** More entries than this are not counted. */
const MOST_COUNTED = 500;
/** So many entries on each side are loaded ahead. */
const NEAR = 20;

/** One line of the journal; only its reader moves it. */
export class BraillePlace {
  #book;
  #bounds;
  /** The entry, 0 before there is one. */
  seq = 0;
  #line = 0;

  /**
   * @param {LineBook} book
   * @param {() => {first: number, newest: number}} bounds the journal's numbers, known or loaded
   */
  constructor(book, bounds) {
    this.#book = book;
    this.#bounds = bounds;
  }

  /** @returns {string} what is under the reader's fingers */
  get text() {
    return this.#textAt(this.seq, this.#line);
  }

  /** @returns {string} the language of the line, empty when it is not known */
  get language() {
    return this.seq ? (this.#book.show(this.seq)?.language ?? "") : "";
  }

  /** @returns {number | null} when the line's entry began, in seconds of the room */
  get startS() {
    const item = this.#book.itemAt(this.seq);
    return typeof item === "object" && item.kind !== "correction" ? item.start : null;
  }

  /** @returns {string} the line before, empty when it is none or not loaded */
  get before() {
    return this.#near(-1);
  }

  /** @returns {string} the line after, empty when it is none or not loaded */
  get after() {
    return this.#near(1);
  }

  /** @returns {Mark} */
  get mark() {
    return { seq: this.seq, at: this.#book.lines(this.seq)?.[this.#line]?.at ?? 0 };
  }

  /**
   * Go to a place of before, or to what is next to it.
   * @param {Mark} mark
   * @returns {Moved}
   */
  to({ seq, at }) {
    const { first, newest } = this.#bounds();
    const within = Math.min(Math.max(seq, first), newest);
    const there = this.#find(within, 1);
    const found = there === "end" ? this.#find(within, -1) : there;
    if (typeof found !== "number") return found === "end" ? "end" : found;
    return this.#arrive(found, found === seq ? at : 0);
  }

  /** @returns {Moved} */
  toFirst() {
    const found = this.#find(this.#bounds().first, 1);
    return typeof found === "number" ? this.#arrive(found, 0) : found;
  }

  /** @returns {Moved} to the beginning of the newest entry */
  toNewest() {
    const found = this.#find(this.#bounds().newest, -1);
    return typeof found === "number" ? this.#arrive(found, 0) : found;
  }

  /**
   * One line on or back.
   * @param {1 | -1} way
   * @returns {Moved}
   */
  step(way) {
    if (!this.seq) return this.toNewest();
    const next = this.#line + way;
    if (next >= 0 && next < this.#count(this.seq)) {
      this.#line = next;
      return "moved";
    }
    const found = this.#find(this.seq + way, way);
    if (typeof found !== "number") return found;
    this.#arrive(found, 0);
    if (way < 0) this.#line = this.#count(found) - 1;
    return "moved";
  }

  /**
   * Cut lines anew; the place stays at the same words.
   * @param {number} cells
   */
  recut(cells) {
    const { seq, at } = this.mark;
    this.#book.cells = cells;
    if (seq) this.#arrive(seq, at);
  }

  /** @returns {number} an entry near by that is not loaded, 0 when all are */
  get missingNear() {
    const { first, newest } = this.#bounds();
    for (let away = 1; this.seq && away <= NEAR; away++) {
      for (const seq of [this.seq + away, this.seq - away]) {
        if (seq >= first && seq <= newest && !this.#book.lines(seq)) return seq;
      }
    }
    return 0;
  }

  /** @returns {{lines: number, more: boolean}} what waits after this line, and whether it is more */
  get waiting() {
    const { newest } = this.#bounds();
    let lines = this.seq ? this.#count(this.seq) - this.#line - 1 : 0;
    const last = Math.min(newest, this.seq + MOST_COUNTED);
    for (let seq = this.seq + 1; seq <= last; seq++) {
      const cut = this.#book.lines(seq);
      if (!cut) return { lines, more: true };
      lines += cut.length;
    }
    return { lines, more: last < newest };
  }

  /**
   * @param {number} seq
   * @param {number} at
   * @returns {Moved}
   */
  #arrive(seq, at) {
    this.#book.show(seq);
    const lines = this.#book.lines(seq) ?? [];
    this.seq = seq;
    this.#line = Math.max(0, lines.findLastIndex((line) => line.at <= at));
    return "moved";
  }

  /**
   * The first entry with lines, from a number on.
   * @param {number} from
   * @param {1 | -1} way
   * @returns {number | "end" | {missing: number}}
   */
  #find(from, way) {
    const { first, newest } = this.#bounds();
    if (!first) return "end";
    for (let seq = from; seq >= first && seq <= newest; seq += way) {
      const lines = this.#book.lines(seq);
      if (!lines) return { missing: seq };
      if (lines.length) return seq;
    }
    return "end";
  }

  /** @param {1 | -1} way */
  #near(way) {
    if (!this.seq) return "";
    const line = this.#line + way;
    if (line >= 0 && line < this.#count(this.seq)) return this.#textAt(this.seq, line);
    const found = this.#find(this.seq + way, way);
    if (typeof found !== "number") return "";
    this.#book.show(found);
    return this.#textAt(found, way > 0 ? 0 : this.#count(found) - 1);
  }

  /** @param {number} seq */
  #count(seq) {
    return this.#book.lines(seq)?.length ?? 0;
  }

  /**
   * @param {number} seq
   * @param {number} line
   */
  #textAt(seq, line) {
    return this.#book.lines(seq)?.[line]?.text ?? "";
  }
}
