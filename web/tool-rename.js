/** @file A tool for hosts: another title for a recording. */

import { make } from "./dom.js";
import { api } from "./http.js";
import { strings } from "./strings.js";
import { ToolSection } from "./tool-section.js";

/** @typedef {import("./types.js").Recording} Recording */

/** A field with the title, which is kept when it is sent. */
export class RenameTool {
  #section;
  #input;
  #changed;
  #path = "";
  #title = "";

  /** @param {(recording: Recording) => void} changed is given the recording with its new title */
  constructor(changed) {
    const { rename } = strings.tools;
    this.#changed = changed;
    this.#input = make("input", { id: "rename-input", maxlength: 120, autocomplete: "off", dir: "auto" });
    const form = make(
      "form",
      { class: "tool-line", novalidate: true },
      make("label", { for: "rename-input" }, rename.label),
      this.#input,
      make("button", { class: "button" }, rename.save),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    this.#section = new ToolSection("rename", rename.heading, form);
    this.#input.setAttribute("aria-describedby", this.#section.errorId);
  }

  get element() {
    return this.#section.element;
  }

  /**
   * Show the title, unless another one is being typed.
   * @param {Recording} recording
   */
  show({ id, title }) {
    if (this.#input.value === this.#title) this.#input.value = title;
    this.#path = `/recordings/${encodeURIComponent(id)}`;
    this.#title = title;
  }

  async #save() {
    const { saving, saved, need } = strings.tools.rename;
    if (!this.#input.value.trim()) return this.#refuse(need);
    this.#section.say(saving);
    try {
      const recording = await api("PATCH", this.#path, { title: this.#input.value });
      this.#input.removeAttribute("aria-invalid");
      this.#title = this.#input.value;
      this.show(recording);
      this.#section.say(saved);
      this.#changed(recording);
    } catch (error) {
      this.#refuse(/** @type {Error} */ (error).message);
    }
  }

  /** @param {string} fault */
  #refuse(fault) {
    this.#section.fail(fault);
    this.#input.setAttribute("aria-invalid", "true");
    this.#input.focus();
  }
}
