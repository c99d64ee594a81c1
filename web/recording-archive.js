/** @file All of a recording as one zip, with the formats of sound that its reader chooses. */

import { byId, make } from "./dom.js";
import { downloadLink } from "./recording-links.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Recording} Recording */

/** The choice and the link, below the other downloads. */
export class RecordingArchive {
  #place = byId("archive");
  #formats = "";
  /** @type {HTMLInputElement[]} */
  #boxes = [];
  /** @type {HTMLAnchorElement | null} */
  #link = null;

  /** @param {Recording} recording */
  show({ id, title, media }) {
    const formats = media.map(({ format }) => format);
    this.#place.hidden = formats.length === 0;
    const { legend, hint, download } = strings.recordings.archive;
    this.#link?.setAttribute("aria-label", strings.recordings.of(download, title));
    if (formats.join() === this.#formats) return; // what was chosen stays
    this.#formats = formats.join();
    this.#boxes = formats.map((format) => make("input", { type: "checkbox", value: format }));
    for (const box of this.#boxes) {
      box.checked = box.value === "ogg";
      box.addEventListener("change", () => this.#point(id));
    }
    this.#link = downloadLink("", download, title);
    this.#link.classList.add("button");
    const labels = this.#boxes.map((box) => make("label", { class: "check" }, box, make("span", {}, box.value)));
    const choice = make("fieldset", {}, make("legend", {}, legend), ...labels, make("p", { class: "hint" }, hint));
    this.#place.replaceChildren(choice, make("p", { class: "links" }, this.#link));
    this.#point(id);
  }

  /** @param {string} id */
  #point(id) {
    const chosen = this.#boxes.filter(({ checked }) => checked).map(({ value }) => value);
    const path = `/v1/recordings/${encodeURIComponent(id)}/archive`;
    this.#link?.setAttribute("href", chosen.length ? `${path}?formats=${chosen.join()}` : path);
  }
}
