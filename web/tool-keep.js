/** @file When a recording will be deleted: a notice before it is, and the hosts' way to keep it. */

import { byId, make, setText } from "./dom.js";
import { api } from "./http.js";
import { strings } from "./strings.js";
import { dateText } from "./times.js";
import { ToolSection } from "./tool-section.js";

/** @typedef {import("./types.js").Recording} Recording */

/** Tells everybody that a recording will go soon, and lets hosts decide. */
export class KeepTool {
  #section;
  #state = make("p", {});
  #button = make("button", { type: "button", class: "button" });
  #notice = byId("delete-notice");
  #keep = byId("delete-keep", HTMLButtonElement);
  #changed;
  #path = "";
  #kept = false;

  /** @param {(recording: Recording) => void} changed is given the recording as it is now */
  constructor(changed) {
    const { heading, hint } = strings.tools.keep;
    this.#changed = changed;
    this.#button.addEventListener("click", () => void this.#change(!this.#kept));
    this.#keep.addEventListener("click", () => void this.#keepFromNotice());
    this.#section = new ToolSection("keep", heading, this.#state, make("p", { class: "hint" }, hint), this.#button);
  }

  get element() {
    return this.#section.element;
  }

  /** @param {Recording} recording */
  show(recording) {
    const { id, kept = false, phase, delete_at: at } = recording;
    const { forEver, until, keep, release } = strings.tools.keep;
    this.element.hidden = phase !== "finished";
    this.#path = `/recordings/${encodeURIComponent(id)}`;
    this.#kept = kept;
    setText(this.#state, at ? until(dateText(at)) : forEver);
    setText(this.#button, kept ? release : keep);
    this.#button.hidden = !kept && !at;
  }

  /**
   * Show the notice, to listeners too: they may want a copy.
   * @param {Recording} recording
   */
  announce({ kept = false, delete_soon: soon = false, delete_at: at, may_decide: may = false }) {
    if (!kept) setText(byId("delete-done"), "");
    this.#notice.hidden = !soon;
    if (soon) setText(byId("delete-text"), strings.tools.keep.announced(dateText(at)));
    this.#keep.hidden = !may;
  }

  async #keepFromNotice() {
    if (!(await this.#change(true))) return setText(byId("delete-error"), this.#section.fault);
    setText(byId("delete-error"), "");
    const done = byId("delete-done");
    setText(done, strings.tools.keep.kept);
    done.focus();
  }

  /**
   * @param {boolean} kept
   * @returns {Promise<boolean>} whether it is so now
   */
  async #change(kept) {
    const { saving, kept: done, released } = strings.tools.keep;
    this.#section.say(saving);
    try {
      this.#changed(await api("PATCH", this.#path, { kept }));
      this.#section.say(kept ? done : released);
      return true;
    } catch (error) {
      this.#section.fail(/** @type {Error} */ (error).message);
      return false;
    }
  }
}
