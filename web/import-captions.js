/** @file Captions that somebody has of a file that is imported: they are read as soon as they are chosen. */

import { byId, setText } from "./dom.js";
import { strings } from "./strings.js";
import { Upload } from "./upload.js";

/** The field of the dialog. */
export class ImportCaptions {
  #input = byId("import-captions", HTMLInputElement);
  #found = byId("import-captions-found");
  #error = byId("import-captions-error");
  #upload = new Upload();
  /** @type {Promise<string | null>} */
  #reading = Promise.resolve("");

  constructor() {
    this.#input.addEventListener("change", () => {
      this.#reading = this.#read(this.#input.files?.[0]);
    });
  }

  clear() {
    this.#input.value = "";
    this.#reading = this.#read(undefined);
  }

  /**
   * By what the server knows them; empty where none were chosen, null where they are wrong.
   */
  async id() {
    const id = await this.#reading;
    if (id === null) this.#input.focus();
    return id;
  }

  /** @param {File | undefined} file */
  async #read(file) {
    this.#upload.cancel();
    this.#say(file ? strings.import.readingCaptions : "", "");
    if (!file) return "";
    const upload = (this.#upload = new Upload());
    try {
      const found = await upload.send("/v1/import/captions", file, () => {});
      if (!found) return null; // another file was chosen meanwhile
      this.#say(strings.import.foundCaptions(found.captions, found.speakers), "");
      return String(found.id);
    } catch (error) {
      this.#say("", strings.import.wrongCaptions(file.name, /** @type {Error} */ (error).message));
      return null;
    }
  }

  /**
   * @param {string} found
   * @param {string} fault
   */
  #say(found, fault) {
    setText(this.#found, found);
    setText(this.#error, fault);
    if (fault) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }
}
