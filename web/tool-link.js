/** @file A tool for hosts: where a recording is kept, and a link to its sound that works for an hour. */

import { make, setText } from "./dom.js";
import { api } from "./http.js";
import { strings } from "./strings.js";
import { ToolSection } from "./tool-section.js";

/** @typedef {import("./types.js").Recording} Recording */

const MINUTES = 60;

/**
 * Where a recording is kept, in words.
 * @param {Recording["storage"]} storage
 */
function keptText(storage) {
  const { kept, waits } = strings.tools.link;
  const { state, note } = storage ?? { state: "here", note: "" };
  return note ? waits(note) : kept[state];
}

/** Makes links for people who have no right of their own to a recording. */
export class LinkTool {
  #section;
  #kept = make("p", {});
  #format = make("select", { id: "link-format" });
  #field = make("input", { id: "link-url", readonly: true, dir: "ltr" });
  #result;
  #path = "";

  constructor() {
    const { link } = strings.tools;
    const button = make("button", { class: "button" }, link.make);
    const form = make(
      "form",
      { class: "tool-line" },
      make("label", { for: "link-format" }, link.format),
      this.#format,
      button,
    );
    const copy = make("button", { type: "button", class: "button" }, link.copy);
    this.#result = make(
      "div",
      { class: "tool-line", hidden: true },
      make("label", { for: "link-url" }, link.label),
      this.#field,
      copy,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#make();
    });
    copy.addEventListener("click", () => void this.#copy());
    this.#field.addEventListener("focus", () => this.#field.select());
    const hint = make("p", { class: "hint" }, link.hint);
    this.#section = new ToolSection("link", link.heading, this.#kept, hint, form, this.#result);
  }

  get element() {
    return this.#section.element;
  }

  /** @param {Recording} recording */
  show({ id, media, storage }) {
    this.element.hidden = !media.length;
    this.#path = `/recordings/${encodeURIComponent(id)}/link`;
    setText(this.#kept, keptText(storage));
    if (this.#format.options.length === media.length) return;
    this.#format.replaceChildren(
      ...media.map(({ format }) => make("option", { value: format }, format.toUpperCase())),
    );
    if (media.some(({ format }) => format === "mp3")) this.#format.value = "mp3"; // plays everywhere
  }

  async #make() {
    const { making, made } = strings.tools.link;
    this.#section.say(making);
    try {
      const wanted = new URLSearchParams({ format: this.#format.value, minutes: `${MINUTES}` });
      const { url, expires_at: end } = await api("POST", `${this.#path}?${wanted}`);
      this.#field.value = new URL(url, location.href).href;
      this.#result.hidden = false;
      this.#section.say(made(new Date(end)));
    } catch (error) {
      this.#section.fail(/** @type {Error} */ (error).message);
    }
  }

  async #copy() {
    const { copied, copyYourself } = strings.tools.link;
    try {
      await navigator.clipboard.writeText(this.#field.value);
      this.#section.say(copied);
    } catch {
      // There is no clipboard on pages without TLS.
      this.#field.focus();
      this.#field.select();
      this.#section.say(copyYourself);
    }
  }
}
