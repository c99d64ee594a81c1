/** @file Importing a file: the button, what is asked, and how far it is until the server has it. */

import { byId, make, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { ImportDialog } from "./import-dialog.js";
import { strings } from "./strings.js";
import { Upload } from "./upload.js";

/**
 * @typedef {import("./import-dialog.js").Wanted} Wanted
 * @typedef {import("./types.js").Recording} Recording
 */

const CHECKING_FROM = 0.999;

export class ImportView {
  #button = byId("import");
  #place = byId("importing");
  #status = byId("import-status");
  #parts;

  /**
   * @param {object} parts
   * @param {import("./session-ui.js").SessionUi} parts.session
   * @param {() => void} parts.onImported the list has something new
   */
  constructor(parts) {
    this.#parts = parts;
    const dialog = new ImportDialog((wanted) => void this.#send(wanted));
    this.#button.addEventListener("click", async () => {
      if (!(await parts.session.need())) return;
      try {
        dialog.open(await api("GET", "/import"));
      } catch (error) {
        setText(this.#status, /** @type {Error} */ (error).message);
      }
    });
    addEventListener("beforeunload", (event) => {
      if (this.#place.childElementCount) event.preventDefault();
    });
  }

  /** Show the button, where files can be imported at all. */
  async offer() {
    const limits = await api("GET", "/import").catch(() => null);
    this.#button.hidden = !limits?.max_bytes;
  }

  /** @param {Wanted} wanted */
  async #send({ file, ...wanted }) {
    const { cancelled, done, failed, begun } = strings.import;
    const upload = new Upload();
    const { captions, ...said } = wanted;
    const query = new URLSearchParams({ name: file.name, ...said, private: String(said.private) });
    if (captions) query.set("captions", captions);
    const show = this.#progress(file.name, () => upload.cancel());
    this.#status.classList.add("visually-hidden"); // the bar says it to the eyes
    setText(this.#status, begun(file.name));
    try {
      /** @type {Recording | null} */
      const recording = await upload.send(`/v1/recordings?${query}`, file, show);
      setText(this.#status, recording ? done(recording.title) : cancelled);
      if (recording) this.#parts.onImported();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#parts.session.expired();
      setText(this.#status, failed(file.name, /** @type {Error} */ (error).message));
    }
    this.#end();
  }

  /**
   * A bar and a way out; gives what is to be told how much was sent.
   * @param {string} name
   * @param {() => void} onCancel
   * @returns {(share: number) => void}
   */
  #progress(name, onCancel) {
    const { sending, checking, cancel } = strings.import;
    const words = make("span", {}, sending(name, 0));
    const bar = make("progress", { max: 1, value: 0 });
    const button = make("button", { type: "button", class: "button" }, cancel);
    button.addEventListener("click", onCancel);
    this.#button.hidden = true; // one at a time
    this.#place.replaceChildren(make("div", { class: "card import-progress" }, make("label", {}, words, " ", bar), button));
    button.focus();
    return (share) => {
      setText(words, share < CHECKING_FROM ? sending(name, share) : checking(name));
      bar.value = share;
    };
  }

  #end() {
    const had = this.#place.contains(document.activeElement);
    this.#place.replaceChildren();
    this.#status.classList.remove("visually-hidden");
    this.#button.hidden = false;
    if (had) this.#button.focus();
  }
}
