/**
 * @file Going through results by keyboard: from what one is opened with to the next one's. Arrow keys
 * move there alone, and not in text: screen readers and players keep theirs.
 */

import { byId } from "./dom.js";

/** @typedef {{stop: () => boolean}} KeyParts `stop` gives whether something was played */

/** The results as places to stand at. */
export class ResultKeys {
  #list = byId("results");
  #field = byId("q", HTMLInputElement);

  /** @param {KeyParts} parts */
  constructor(parts) {
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" || isHeld(event) || event.isComposing || !this.#handles.length) return;
      event.preventDefault();
      this.step(1);
    });
    byId("main").addEventListener("keydown", (event) => this.#key(event, parts));
  }

  /** To the box, with what is in it ready to be replaced. */
  toField() {
    this.#field.focus();
    this.#field.select();
  }

  /**
   * To the next result or the one before; beyond the first one is the box.
   * @param {1 | -1} step
   */
  step(step) {
    const handles = this.#handles;
    const here = this.#here(handles);
    const next = handles[here + step];
    if (next) next.focus();
    else if (step < 0) this.toField();
  }

  /** @returns {HTMLElement | null} the focused result's */
  get handle() {
    const hit = document.activeElement?.closest(".hit");
    return hit?.querySelector(".handle") ?? null;
  }

  get #handles() {
    const all = /** @type {NodeListOf<HTMLElement>} */ (this.#list.querySelectorAll(".handle"));
    return this.#list.checkVisibility() ? [...all] : [];
  }

  /** @param {readonly HTMLElement[]} handles */
  #here(handles) {
    const focused = document.activeElement;
    if (!focused || !this.#list.contains(focused)) return -1;
    const hit = focused.closest(".hit");
    if (hit) return handles.findIndex((one) => hit.contains(one));
    // At a room's title: before its first one.
    return handles.findLastIndex((one) => one.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {KeyParts} parts
   */
  #key(event, { stop }) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || isHeld(event) || target === this.#field) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (!stop()) this.toField();
      return;
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step || !target.matches(".handle")) return;
    event.preventDefault();
    this.step(step);
  }
}

/** @param {KeyboardEvent} event */
function isHeld(event) {
  return event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;
}
