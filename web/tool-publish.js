/** @file A tool for hosts: who else can hear and read a recording. */

import { make, setText } from "./dom.js";
import { api } from "./http.js";
import { strings } from "./strings.js";
import { ToolSection } from "./tool-section.js";

/** @typedef {import("./types.js").Recording} Recording */

/** Says who has the recording, with a button that changes it. */
export class PublishTool {
  #section;
  #state = make("p", {});
  #button = make("button", { type: "button", class: "button" });
  #changed;
  #path = "";
  #published = true;

  /** @param {(recording: Recording) => void} changed is given the recording as it is now */
  constructor(changed) {
    const { heading, hint } = strings.tools.publish;
    this.#changed = changed;
    this.#button.addEventListener("click", () => void this.#change());
    this.#section = new ToolSection(
      "publish",
      heading,
      this.#state,
      make("p", { class: "hint" }, hint),
      this.#button,
    );
  }

  get element() {
    return this.#section.element;
  }

  /** @param {Recording} recording */
  show({ id, phase, published = true }) {
    const { published: open, unpublished, publish, unpublish } = strings.tools.publish;
    this.element.hidden = phase === "recording";
    this.#path = `/recordings/${encodeURIComponent(id)}`;
    this.#published = published;
    setText(this.#state, published ? open : unpublished);
    setText(this.#button, published ? unpublish : publish);
  }

  async #change() {
    const { saving, nowPublished, nowUnpublished } = strings.tools.publish;
    const wanted = !this.#published;
    this.#section.say(saving);
    try {
      const recording = await api("PATCH", this.#path, { published: wanted });
      this.#changed(recording);
      this.#section.say(wanted ? nowPublished : nowUnpublished);
    } catch (error) {
      this.#section.fail(/** @type {Error} */ (error).message);
    }
  }
}
