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

  /** What was wrong is put right. */
  right() {
    setText(this.#error, "");
  }

  /** @param {string} text what went wrong, and what to do */
  fail(text) {
    setText(this.#status, "");
    setText(this.#error, text);
  }
}

/**
 * @param {string} text
 * @param {() => void} act
 * @param {string} [look]
 */
export function button(text, act, look = "button") {
  const made = make("button", { type: "button", class: look }, text);
  made.addEventListener("click", act);
  return made;
}

/**
 * Show buttons, or not; who is at one that goes is not sent to the top of the page.
 * @param {readonly (readonly [button: HTMLElement, shown: boolean])[]} buttons
 * @param {HTMLElement} stays is gone to instead
 */
export function showButtons(buttons, stays) {
  for (const [one, shown] of buttons) {
    if (!shown && document.activeElement === one) stays.focus({ preventScroll: true });
    one.hidden = !shown;
  }
}
