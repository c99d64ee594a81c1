/** @file A tool for hosts: a recording is deleted for good, after a question that says what goes. */

import { make } from "./dom.js";
import { api } from "./http.js";
import { ask } from "./question.js";
import { strings } from "./strings.js";
import { clock } from "./times.js";
import { ToolSection } from "./tool-section.js";

/** @typedef {import("./types.js").Recording} Recording */

/** A button and its question. */
export class DeleteTool {
  #section;
  #button = make("button", { type: "button", class: "button danger" }, strings.tools.remove.open);
  #deleted;
  /** @type {Recording | null} */
  #recording = null;

  /** @param {() => void} deleted is told when there is nothing to show any more */
  constructor(deleted) {
    const { heading, hint } = strings.tools.remove;
    this.#deleted = deleted;
    this.#button.addEventListener("click", () => void this.#ask());
    this.#section = new ToolSection("delete", heading, make("p", { class: "hint" }, hint), this.#button);
  }

  get element() {
    return this.#section.element;
  }

  /** @param {Recording} recording */
  show(recording) {
    this.element.hidden = recording.phase === "recording";
    this.#recording = recording;
  }

  async #ask() {
    const recording = this.#recording;
    if (!recording) return;
    const { title, text, yes } = strings.tools.remove;
    const choice = whatGoes(recording);
    const question = { title: title(recording.title), text: text(clock(recording.duration_s)), yes };
    if (!(await ask(question, [choice.element]))) return;
    this.#section.say(strings.tools.remove.deleting);
    try {
      const query = choice.keepsWords() ? "?keep_words=true" : "";
      await api("DELETE", `/recordings/${encodeURIComponent(recording.id)}${query}`);
      this.#deleted();
    } catch (error) {
      this.#section.fail(/** @type {Error} */ (error).message);
      this.#button.focus();
    }
  }
}

/**
 * The choice between all of a recording and its sound alone.
 * @param {Recording} recording
 */
function whatGoes({ published = true, cuts = [] }) {
  const { legend, all, allHint, sound, soundHint, notPublished, hasCuts } = strings.tools.remove;
  const blocked = published ? cuts.length && hasCuts : notPublished;
  const keeping = option("sound", sound, blocked || soundHint);
  keeping.input.disabled = Boolean(blocked);
  const everything = option("all", all, allHint);
  everything.input.checked = true;
  const element = make(
    "fieldset",
    { class: "doom" },
    make("legend", {}, legend),
    ...everything.parts,
    ...keeping.parts,
  );
  return { element, keepsWords: () => keeping.input.checked };
}

/**
 * @param {string} name
 * @param {string} text
 * @param {string} hint
 */
function option(name, text, hint) {
  const id = `delete-${name}-hint`;
  const input = make("input", { type: "radio", name: "doom", value: name, "aria-describedby": id });
  const label = make("label", { class: "check" }, input, make("span", {}, text));
  return { input, parts: [label, make("p", { id, class: "hint" }, hint)] };
}
