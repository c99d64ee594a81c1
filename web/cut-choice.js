/** @file The passage that is to be cut: two fields, filled by hand, from what is heard, or from words. */

import { parsePlace, place } from "./cuts.js";
import { make, setText } from "./dom.js";
import { strings } from "./strings.js";
import { button } from "./tool-section.js";

/**
 * @typedef {import("./edited-time.js").Cut} Cut
 *
 * @typedef {object} Parts
 * @property {() => number} here what is heard now, in seconds
 * @property {() => {start: number, end: number} | null} word the one that the reader is at
 * @property {(cut: Cut) => string} said what is said in a passage
 * @property {() => void} onChange
 * @property {(text: string) => void} tell what was filled in, to who is elsewhere on the page
 * @property {(text: string) => void} fail
 * @property {() => void} right what was wrong is put right
 * @property {string} errorId of what tells of errors
 */

const texts = strings.cuts;
/** A passage's words are shown up to so many letters. */
const MOST_CHARS = 120;

export class CutChoice {
  #parts;
  #from = field("cut-from");
  #to = field("cut-to");
  #chosen = make("p", { class: "quiet" });
  element;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    const { here } = parts;
    this.element = make(
      "fieldset",
      { class: "cut-passage" },
      make("legend", {}, texts.passage),
      make("p", { id: "cut-hint", class: "hint" }, texts.passageHint),
      line(texts.from, this.#from, [texts.fromHere, () => this.#put(this.#from, here())], [texts.fromWord, () => this.fromWord()]),
      line(texts.to, this.#to, [texts.toHere, () => this.#put(this.#to, here())], [texts.toWord, () => this.toWord()]),
      this.#chosen,
    );
    for (const one of [this.#from, this.#to]) {
      one.setAttribute("aria-errormessage", parts.errorId);
      one.addEventListener("input", () => this.#changed());
    }
  }

  /** @returns {Cut | null} the passage, when it is one */
  get now() {
    const [start, end] = [parsePlace(this.#from.value), parsePlace(this.#to.value)];
    return start !== null && end !== null && end > start ? { start_s: start, end_s: end } : null;
  }

  /**
   * The passage, or what is wrong with it said at its field.
   * @param {number} length of the recording
   * @returns {Cut | null}
   */
  checked(length) {
    const [start, end] = [parsePlace(this.#from.value), parsePlace(this.#to.value)];
    if (start === null) return this.#wrong(this.#from, texts.noTime);
    if (end === null) return this.#wrong(this.#to, texts.noTime);
    if (start >= length) return this.#wrong(this.#from, texts.tooLate(place(length)));
    if (end <= start) return this.#wrong(this.#to, texts.backwards);
    // A place is written less exactly than the length is known.
    if (end > length + 0.01) return this.#wrong(this.#to, texts.tooLate(place(length)));
    return { start_s: start, end_s: Math.min(end, length) };
  }

  /** @param {{start: number, end: number}} passage */
  choose({ start, end }) {
    this.#from.value = place(start);
    this.#to.value = place(end);
    this.#changed();
  }

  clear() {
    this.#from.value = this.#to.value = "";
    this.#changed();
  }

  /** Begin with the word that the reader is at. */
  fromWord() {
    const word = this.#parts.word();
    if (!word) return this.#parts.fail(texts.noWord);
    if ((parsePlace(this.#to.value) ?? -1) <= word.start) this.#to.value = place(word.end);
    this.#put(this.#from, word.start);
  }

  /** End with the word that the reader is at. */
  toWord() {
    const word = this.#parts.word();
    if (!word) return this.#parts.fail(texts.noWord);
    if ((parsePlace(this.#from.value) ?? Number.POSITIVE_INFINITY) >= word.end) this.#from.value = place(word.start);
    this.#put(this.#to, word.end);
  }

  /**
   * @param {HTMLInputElement} field
   * @param {number} time
   */
  #put(field, time) {
    field.value = place(time);
    this.#changed();
    const told = field === this.#from ? texts.begins(field.value) : texts.ends(field.value);
    this.#parts.tell([told, this.#chosen.textContent].filter(Boolean).join(" "));
  }

  #changed() {
    for (const one of [this.#from, this.#to]) {
      if (one.hasAttribute("aria-invalid")) this.#parts.right();
      one.removeAttribute("aria-invalid");
    }
    const { now } = this;
    setText(this.#chosen, now ? texts.chosen(now.end_s - now.start_s, shortened(this.#parts.said(now))) : "");
    this.#parts.onChange();
  }

  /**
   * @param {HTMLInputElement} field
   * @param {string} text
   */
  #wrong(field, text) {
    this.#parts.fail(text);
    field.setAttribute("aria-invalid", "true");
    field.focus();
    return null;
  }
}

/** @param {string} id */
function field(id) {
  return make("input", { id, type: "text", size: 10, autocomplete: "off", spellcheck: "false", "aria-describedby": "cut-hint" });
}

/**
 * @param {string} label
 * @param {HTMLInputElement} input
 * @param {...[string, () => void]} fills
 */
function line(label, input, ...fills) {
  const buttons = fills.map(([text, act]) => button(text, act));
  return make("div", { class: "tool-line cut-line" }, make("label", { for: input.id }, label), input, ...buttons);
}

/** @param {string} text */
export function shortened(text) {
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS).trimEnd()}…` : text;
}
