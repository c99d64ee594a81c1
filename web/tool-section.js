/** @file What every tool for hosts is made of: a heading, its controls, and a line that says what became of it. */

import { make, setText } from "./dom.js";

/** The frame of one tool. */
export class ToolSection {
  element;
  #error = make("p", { class: "error", role: "alert" });
  #status = make("p", { class: "quiet", role: "status" });

  /**
   * @param {string} name of the tool, unique on the page
   * @param {string} title
   * @param {...(Node | string)} controls
   */
  constructor(name, title, ...controls) {
    const id = `tool-${name}-title`;
    this.#error.id = `tool-${name}-error`;
    this.element = make(
      "section",
      { id: `tool-${name}`, class: "tool", "aria-labelledby": id },
      make("h2", { id }, title),
      ...controls,
      this.#error,
      this.#status,
    );
  }

  /** The id of the error, for `aria-describedby`. */
  get errorId() {
    return this.#error.id;
  }

  /** What was said last, if nothing went wrong. */
  get said() {
    return this.#status.textContent ?? "";
  }

  /** What went wrong, or "". */
  get fault() {
    return this.#error.textContent ?? "";
  }

  /** @param {string} text what was done, or is being done */
  say(text) {
    setText(this.#error, "");
    setText(this.#status, text);
  }

  /** @param {string} text what went wrong, and what to do */
  fail(text) {
    setText(this.#status, "");
    setText(this.#error, text);
  }
}
