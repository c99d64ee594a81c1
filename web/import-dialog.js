/** @file What is asked about a file before it is imported, and what can be known to be wrong with it. */

import { byId, setText } from "./dom.js";
import { ImportCaptions } from "./import-captions.js";
import { languageOptions } from "./languages.js";
import { strings } from "./strings.js";

/**
 * @typedef {{max_bytes: number, free_bytes: number}} Limits
 * @typedef {{file: File, title: string, language: string, private: boolean, captions: string}} Wanted
 */

/** The dialog of the page. */
export class ImportDialog {
  #dialog = byId("import-dialog", HTMLDialogElement);
  #file = byId("import-file", HTMLInputElement);
  #title = byId("import-name", HTMLInputElement);
  #language = byId("import-language", HTMLSelectElement);
  #private = byId("import-private", HTMLInputElement);
  #error = byId("import-error");
  #captions = new ImportCaptions();
  /** @type {Limits} */
  #limits = { max_bytes: 0, free_bytes: 0 };
  #suggested = "";

  /** @param {(wanted: Wanted) => void} onWanted */
  constructor(onWanted) {
    this.#language.append(...languageOptions());
    byId("import-cancel").addEventListener("click", () => this.#dialog.close());
    this.#file.addEventListener("change", () => this.#chosen());
    byId("import-form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const wanted = await this.#wanted();
      if (!wanted || !this.#dialog.open) return; // cancelled while captions were read
      this.#dialog.close();
      onWanted(wanted);
    });
  }

  /** @param {Limits} limits */
  open(limits) {
    this.#limits = limits;
    setText(byId("import-file-hint"), strings.import.fileHint(limits.max_bytes));
    this.#refuse("");
    this.#file.value = this.#title.value = this.#suggested = "";
    this.#captions.clear();
    this.#dialog.showModal();
    this.#file.focus();
  }

  /** The name of a file is a title, until somebody writes another one. */
  #chosen() {
    const name = this.#file.files?.[0]?.name ?? "";
    if (this.#title.value === this.#suggested) {
      this.#title.value = this.#suggested = name.replace(/\.[^.]+$/, "").slice(0, 120);
    }
    this.#refuse(this.#fault());
  }

  #fault() {
    const { needFile, tooLarge, diskFull } = strings.import;
    const file = this.#file.files?.[0];
    if (!file) return needFile;
    if (file.size > this.#limits.max_bytes) return tooLarge(file.size, this.#limits.max_bytes);
    return file.size > this.#limits.free_bytes ? diskFull(file.size, this.#limits.free_bytes) : "";
  }

  /** @returns {Promise<Wanted | null>} */
  async #wanted() {
    const [file, fault] = [this.#file.files?.[0], this.#fault()];
    this.#refuse(fault);
    if (fault || !file) {
      this.#file.focus();
      return null;
    }
    const captions = await this.#captions.id();
    if (captions === null) return null;
    const [title, language] = [this.#title.value.trim(), this.#language.value];
    return { file, title, language, private: this.#private.checked, captions };
  }

  /** @param {string} fault */
  #refuse(fault) {
    setText(this.#error, fault);
    if (fault) this.#file.setAttribute("aria-invalid", "true");
    else this.#file.removeAttribute("aria-invalid");
  }
}
