/**
 * @file The journal cut into lines for a braille display. A line that was shown never changes: what a
 * caption said when it was shown is kept, and a later correction is a line of its own. Pure.
 */

import { gapText } from "./gap-text.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {import("./caption-store.js").Correction} Correction
 * @typedef {import("./types.js").Person} Person
 * @typedef {Entry | Correction | "nothing" | "unknown"} Item what the journal has under a number
 *
 * @typedef {object} Line
 * @property {string} text
 * @property {number} at how many characters, spaces apart, its entry has before it
 *
 * @typedef {{text: string, rev: number, language: string}} Content what an entry says
 */

export const CELLS = Object.freeze({ fewest: 18, usual: 40, most: 80 });
const NAME_CELLS = 10;
/** Who spoke before is looked for this far back. */
const LOOK_BACK = 20;

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** @param {string} text */
function charactersOf(text) {
  return Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
}

/**
 * Cut a text into lines. Words stay whole, but for those that are longer than a line.
 * @param {string} text
 * @param {number} cells
 * @returns {Line[]}
 */
export function cutLines(text, cells) {
  /** @type {Line[]} */
  const lines = [];
  let [left, at] = [0, 0]; // cells that are free in the last line
  for (const word of text.split(/\s+/).filter(Boolean)) {
    for (const piece of piecesOf(charactersOf(word), left - 1, cells)) {
      const last = lines.at(-1);
      if (last && piece.length < left) last.text += ` ${piece.join("")}`;
      else lines.push({ text: piece.join(""), at });
      left = last && piece.length < left ? left - piece.length - 1 : cells - piece.length;
      at += piece.length;
    }
  }
  return lines;
}

/**
 * A word, or what fits of it into the rest of a line, and into lines of its own.
 * @param {string[]} characters
 * @param {number} rest
 * @param {number} cells
 */
function piecesOf(characters, rest, cells) {
  if (characters.length <= cells) return [characters];
  const pieces = rest > 0 ? [characters.slice(0, rest)] : [];
  for (let from = Math.max(0, rest); from < characters.length; from += cells) {
    pieces.push(characters.slice(from, from + cells));
  }
  return pieces;
}

/** Names short enough for the beginning of a line; no two speakers share one. */
export class ShortNames {
  /** @type {Map<string, string>} by the speaker's id */
  #given = new Map();

  /** @param {Person} speaker */
  of({ id, name }) {
    const known = this.#given.get(id);
    if (known) return known;
    const taken = new Set(this.#given.values());
    const short = shortForms(name).find((form) => !taken.has(form)) ?? `${cut(name)} ${taken.size + 1}`;
    this.#given.set(id, short);
    return short;
  }
}

/** @param {string} name */
function shortForms(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const named = words.filter((word) => !word.endsWith("."));
  const [first = name, ...others] = named.length ? named : words;
  const forms = others.length ? [cut(first), `${cut(first)} ${charactersOf(others.at(-1) ?? "")[0]}`] : [cut(first)];
  return charactersOf(name).length <= NAME_CELLS ? [name, ...forms] : forms;
}

/** @param {string} name */
function cut(name) {
  return charactersOf(name).slice(0, NAME_CELLS).join("");
}

/** Lines of the journal by number. */
export class LineBook {
  #read;
  #passed;
  #names = new ShortNames();
  /** @type {Map<number, Content>} what was shown */
  #shown = new Map();
  /** @type {Map<string, number>} the revision of each caption that was shown */
  #shownRev = new Map();
  /** @type {Map<number, {text: string, cells: number, lines: Line[]}>} cut already */
  #cut = new Map();
  cells;

  /**
   * @param {(seq: number) => Item} read
   * @param {number} cells
   * @param {(seq: number) => Caption[]} [passed] what was said off the record after an entry
   */
  constructor(read, cells, passed = () => []) {
    this.#read = read;
    this.#passed = passed;
    this.cells = cells;
  }

  /**
   * @param {number} seq
   * @returns {Line[] | null} null when it is not loaded
   */
  lines(seq) {
    const content = this.#contentOf(seq);
    if (!content) return null;
    const { text } = content;
    const { cells } = this;
    const cut = this.#cut.get(seq);
    const lines = cut?.text === text && cut.cells === cells ? cut.lines : cutLines(text, cells);
    this.#cut.set(seq, { text, cells, lines });
    return this.#withPassed(seq, lines);
  }

  /**
   * What is off the record has no number: its lines follow those of the entry before it.
   * @param {number} seq
   * @param {Line[]} lines
   */
  #withPassed(seq, lines) {
    let all = lines;
    for (const { speaker, text } of this.#passed(seq)) {
      const before = all.at(-1);
      const from = before ? before.at + charactersOf(before.text.replaceAll(" ", "")).length : 0;
      const own = cutLines(`${this.#nameOf(speaker)}: ${text} ${strings.captions.notKept}`, this.cells);
      all = [...all, ...own.map((line) => ({ text: line.text, at: line.at + from }))];
    }
    return all;
  }

  /**
   * The lines of an entry, which do not change from now on.
   * @param {number} seq
   */
  show(seq) {
    const content = this.#contentOf(seq);
    if (content && content.text && !this.#shown.has(seq)) {
      this.#shown.set(seq, content);
      const item = this.#read(seq);
      if (typeof item === "object" && item.kind !== "gap") this.#shownRev.set(item.id, content.rev);
    }
    return content;
  }

  /** @param {number} seq */
  itemAt(seq) {
    return this.#read(seq);
  }

  /**
   * @param {number} seq
   * @returns {Content | null}
   */
  #contentOf(seq) {
    const shown = this.#shown.get(seq);
    if (shown) return shown;
    const item = this.#read(seq);
    if (item === "unknown") return null;
    if (item === "nothing") return NOTHING;
    if (item.kind === "gap") return { ...NOTHING, text: gapText(item) };
    return item.kind === "correction" ? this.#correction(item) : this.#caption(item);
  }

  /** @param {Correction} correction */
  #correction({ id, rev, text }) {
    // Who has read the caption as it is now needs not read it again.
    if ((this.#shownRev.get(id) ?? -1) >= rev) return NOTHING;
    return { ...NOTHING, text: strings.braille.corrected(text), rev };
  }

  /** @param {Caption} caption */
  #caption({ seq, speaker, text, corrected, rev, language }) {
    const name = this.#continues(seq, speaker) ? "" : `${this.#nameOf(speaker)}: `;
    const mark = corrected ? ` ${strings.captions.correctedMark}` : "";
    return { text: `${name}${text}${mark}`, rev, language };
  }

  /** @param {Person | null} speaker */
  #nameOf(speaker) {
    return speaker ? this.#names.of(speaker) : strings.braille.unknownSpeaker;
  }

  /**
   * Whether the caption before one is known to be the same speaker's.
   * @param {number} seq
   * @param {Person | null} speaker
   */
  #continues(seq, speaker) {
    for (let before = seq - 1; before >= Math.max(1, seq - LOOK_BACK); before--) {
      const item = this.#read(before);
      if (item === "unknown") return false;
      if (item === "nothing" || item.kind === "correction") continue;
      return item.kind === "caption" && item.speaker?.id === speaker?.id;
    }
    return false;
  }
}

/** @type {Content} */
const NOTHING = Object.freeze({ text: "", rev: 0, language: "" });
