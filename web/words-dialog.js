/** @file Where a listener writes their own words and chooses how they are alerted. */

import { canNotify, canVibrate } from "./attention.js";
import { make, setText } from "./dom.js";
import { linesOf } from "./room-terms.js";
import { strings } from "./strings.js";
import { LONGEST, MOST, cleaned } from "./words-keeper.js";

/**
 * @typedef {import("./attention.js").Means} Means
 *
 * @typedef {object} WordsDialogParts
 * @property {import("./words-keeper.js").WordsKeeper} keeper
 * @property {import("./attention.js").Attention} attention
 * @property {() => string} name of who is signed in, or ""
 * @property {() => void} tryIt
 */

/** The dialog at the end of the page; what was typed and not saved stays in it. */
export class WordsDialog {
  #parts;
  #area = make("textarea", {
    id: "words-input",
    rows: 5,
    dir: "auto",
    autocomplete: "off",
    "aria-describedby": "words-hint words-error",
  });
  #add = button("");
  #error = make("p", { id: "words-error", class: "error", role: "alert" });
  #status = make("p", { class: "quiet", role: "status" });
  #dialog;
  #unsaved = false;

  /** @param {WordsDialogParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#dialog = make("dialog", { class: "dialog", "aria-labelledby": "words-title" }, this.#form());
    document.body.append(this.#dialog);
    this.#area.addEventListener("input", () => {
      this.#unsaved = true;
      this.#tell("", strings.words.unsaved);
      this.#offerName();
    });
    this.#add.addEventListener("click", () => this.#addName());
    parts.keeper.onChange(() => this.#show());
  }

  open() {
    this.#show();
    this.#tell("", this.#unsaved ? strings.words.unsaved : "");
    this.#dialog.showModal();
    this.#area.focus();
  }

  #form() {
    const { words } = strings;
    const trial = button(words.tryIt);
    const close = button(strings.close);
    const save = make("button", { class: "button primary" }, words.save);
    const form = make(
      "form",
      { novalidate: true },
      make("h2", { id: "words-title" }, words.title),
      make("p", { id: "words-hint", class: "hint" }, words.hint),
      make("p", { class: "hint" }, words.pausedHint),
      make("label", { for: "words-input" }, words.label),
      this.#area,
      this.#add,
      meansFields(this.#parts.attention),
      this.#error,
      this.#status,
      make("div", { class: "dialog-actions" }, trial, close, save),
    );
    close.addEventListener("click", () => this.#dialog.close());
    trial.addEventListener("click", () => {
      this.#dialog.close();
      this.#parts.tryIt();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    return form;
  }

  /** Show what is kept, unless something else is being typed. */
  #show() {
    if (!this.#unsaved) this.#area.value = this.#parts.keeper.words.join("\n");
    this.#offerName();
  }

  #offerName() {
    const name = this.#parts.name();
    const has = linesOf(this.#area).some((line) => line.trim().toLowerCase() === name.toLowerCase());
    setText(this.#add, strings.words.addName(name));
    this.#add.hidden = !name || has;
  }

  #addName() {
    const lines = linesOf(this.#area).filter((line) => line.trim());
    this.#area.value = [this.#parts.name(), ...lines].join("\n");
    this.#area.dispatchEvent(new Event("input"));
    this.#area.focus();
  }

  async #save() {
    const { words } = strings;
    const lines = linesOf(this.#area);
    const fault = faultIn(lines);
    if (fault) return this.#refuse(fault);
    this.#unsaved = false;
    this.#tell("", words.saving);
    try {
      await this.#parts.keeper.save(lines);
      this.#tell("", this.#parts.name() ? words.saved : words.savedHere);
    } catch (error) {
      this.#tell(words.notSaved(/** @type {Error} */ (error).message), "");
    }
    this.#show();
  }

  /** @param {string} fault */
  #refuse(fault) {
    this.#tell(fault, strings.words.unsaved);
    this.#area.focus();
  }

  /**
   * @param {string} fault
   * @param {string} status
   */
  #tell(fault, status) {
    setText(this.#error, fault);
    setText(this.#status, status);
    this.#area.setAttribute("aria-invalid", String(Boolean(fault)));
  }
}

/**
 * @param {readonly string[]} lines
 * @returns {string} what is wrong, or ""
 */
function faultIn(lines) {
  const { tooMany, tooLong } = strings.words;
  const long = lines.findIndex((line) => [...line.trim()].length > LONGEST);
  if (long >= 0) return tooLong(long + 1, LONGEST);
  const written = new Set(lines.flatMap((line) => cleaned([line]).map((word) => word.toLowerCase())));
  return written.size > MOST ? tooMany(MOST) : "";
}

/** @param {import("./attention.js").Attention} attention */
function meansFields(attention) {
  const { words } = strings;
  const said = make("p", { class: "hint", role: "status" });
  const flash = check("flash", words.flash, attention);
  const vibrate = check("vibrate", words.vibrate, attention);
  const notify = check("notify", words.notify, attention);
  vibrate.box.disabled = !canVibrate();
  notify.box.disabled = !canNotify();
  notify.box.addEventListener("change", async () => {
    const granted = !notify.box.checked || (await attention.mayNotify());
    setText(said, granted ? "" : words.refused);
    notify.box.checked = notify.box.checked && granted;
    attention.use({ notify: notify.box.checked });
  });
  return make(
    "fieldset",
    { class: "means" },
    make("legend", {}, words.how),
    flash.label,
    vibrate.label,
    canVibrate() ? null : make("p", { class: "hint" }, words.noVibration),
    notify.label,
    canNotify() ? null : make("p", { class: "hint" }, words.noNotifications),
    said,
  );
}

/**
 * @param {keyof Means} name
 * @param {string} text
 * @param {import("./attention.js").Attention} attention
 */
function check(name, text, attention) {
  const box = make("input", { type: "checkbox" });
  box.checked = attention.means[name];
  box.addEventListener("change", () => attention.use({ [name]: box.checked }));
  return { box, label: make("label", { class: "check" }, box, make("span", {}, text)) };
}

/** @param {string} text */
function button(text) {
  return make("button", { type: "button", class: "button" }, text);
}
