/** @file Going somewhere in the history: a time, the beginning, the reader's own place. */

import { byId, setText } from "./dom.js";
import { strings } from "./strings.js";
import { parseTime } from "./times.js";

/**
 * @typedef {import("./caption-panel.js").CaptionPanel} CaptionPanel
 *
 * @typedef {object} GoToParts
 * @property {CaptionPanel} panel
 * @property {() => void} markPlace
 * @property {(text: string) => void} say
 */

/** A button with a menu; the form in it goes to a time. */
export class GoTo {
  #parts;
  #button = byId("go", HTMLButtonElement);
  #menu = byId("go-menu");
  #time = byId("go-time", HTMLInputElement);
  #error = byId("go-error");

  /** @param {GoToParts} parts */
  constructor(parts) {
    this.#parts = parts;
    const { panel } = parts;
    this.#button.addEventListener("click", () => this.#show(Boolean(this.#menu.hidden)));
    byId("go-first").addEventListener("click", () => this.#leave(() => panel.toFirst()));
    byId("go-mark").addEventListener("click", () => this.#leave(parts.markPlace));
    byId("go-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#toTime();
    });
    this.#menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.#show(false);
      this.#button.focus();
    });
  }

  /** Ask for a time. */
  open() {
    this.#show(true);
  }

  /** @param {boolean} found whether what was gone to is there */
  arrived(found) {
    this.#parts.say(found ? strings.goTo.there : strings.goTo.nothing);
  }

  #toTime() {
    const seconds = parseTime(this.#time.value.trim());
    if (seconds === null) {
      this.#complain(strings.goTo.notATime);
      return;
    }
    if (!this.#parts.panel.toTime(seconds)) {
      this.#complain(strings.goTo.offline);
      return;
    }
    this.#leave(() => {});
  }

  /** @param {string} text */
  #complain(text) {
    setText(this.#error, text);
    this.#time.setAttribute("aria-invalid", "true");
    this.#time.focus();
  }

  /** @param {boolean} shown */
  #show(shown) {
    this.#menu.hidden = !shown;
    this.#button.setAttribute("aria-expanded", String(shown));
    this.#time.removeAttribute("aria-invalid");
    setText(this.#error, "");
    if (!shown) return;
    this.#time.focus();
    this.#time.select();
  }

  /** @param {() => void} action what to do with the captions focused, so that keys scroll on */
  #leave(action) {
    this.#show(false);
    this.#parts.panel.focus();
    action();
  }
}
