/** @file The dialog for a saved search: what is looked for, and how its owner is told. */

import { make, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { strings } from "./strings.js";

/**
 * @typedef {object} SavedSearch
 * @property {string} id
 * @property {string} name
 * @property {string} query
 * @property {boolean} on
 * @property {boolean} page
 * @property {{address: string, confirmed: boolean} | null} email
 * @property {{url: string, secret: string, stopped: string | null} | null} webhook
 * @property {{text: string}[]} hints
 */

const FIELDS = /** @type {const} */ (["query", "name", "email", "webhook"]);

/**
 * Ask for a new search, or for changes of one.
 * @param {{search?: SavedSearch, query?: string}} about
 * @returns {Promise<SavedSearch | null>} what was saved; null when nothing was
 */
export async function askForSearch({ search, query = "" }) {
  const { most, email } = await api("GET", "/me/searches");
  const dialog = new SearchDialog({ search, query, mails: Boolean(email), most });
  return dialog.open();
}

class SearchDialog {
  #search;
  /** @type {SavedSearch | null} */
  #saved = null;
  #error = make("p", { id: "saved-search-error", class: "error", role: "alert" });
  #query;
  #name;
  #page;
  #email;
  #webhook;
  #submit;
  #actions;
  #dialog;
  #mails;

  /** @param {{search: SavedSearch | undefined, query: string, mails: boolean, most: number}} about */
  constructor({ search, query, mails, most }) {
    const { dialog: words } = strings.savedSearches;
    this.#search = search;
    this.#mails = mails;
    this.#query = field("query", search?.query ?? query, { required: true, maxlength: 1000, dir: "auto" });
    this.#name = field("name", search && search.name !== search.query ? search.name : "", { maxlength: 80, dir: "auto" });
    this.#page = make("input", { id: "saved-search-page", type: "checkbox", checked: search?.page ?? true });
    this.#email = field("email", search?.email?.address ?? "", { type: "email", maxlength: 254, autocomplete: "email" });
    this.#webhook = field("webhook", search?.webhook?.url ?? "", { type: "url", maxlength: 1000 });
    this.#submit = make("button", { class: "button primary" }, search ? words.change : words.save);
    const cancel = make("button", { type: "button", class: "button" }, strings.cancel);
    this.#actions = make("div", { class: "dialog-actions" }, cancel, this.#submit);
    const form = make(
      "form",
      { novalidate: true },
      make("h2", { id: "saved-search-title" }, search ? words.changeTitle : words.title),
      ...labelled(this.#query, words.query, words.queryHint),
      ...labelled(this.#name, words.name, words.nameHint),
      make(
        "fieldset",
        { class: "ways-to-tell" },
        make("legend", {}, words.how),
        make("label", { class: "check" }, this.#page, make("span", {}, words.page)),
        ...(mails ? labelled(this.#email, words.email, words.emailHint) : [make("p", { class: "hint" }, words.noEmail)]),
        ...labelled(this.#webhook, words.webhook, words.webhookHint),
      ),
      make("p", { class: "hint" }, words.limits(most)),
      this.#error,
      this.#actions,
    );
    this.#dialog = make("dialog", { class: "dialog", "aria-labelledby": "saved-search-title" }, form);
    cancel.addEventListener("click", () => this.#dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
  }

  /** @returns {Promise<SavedSearch | null>} */
  open() {
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    this.#query.focus();
    return new Promise((resolve) => {
      this.#dialog.addEventListener("close", () => {
        this.#dialog.remove();
        resolve(this.#saved);
      });
    });
  }

  async #save() {
    if (this.#submit.getAttribute("aria-disabled") === "true") return;
    if (!this.#query.value.trim()) return this.#refuse("query", strings.savedSearches.dialog.needQuery);
    this.#refuse("", "");
    this.#submit.setAttribute("aria-disabled", "true");
    try {
      const path = this.#search ? `/me/searches/${this.#search.id}` : "/me/searches";
      this.#saved = await api(this.#search ? "PATCH" : "POST", path, this.#wanted());
      this.#dialog.close();
    } catch (error) {
      const { message, field: blamed } = /** @type {ApiError} */ (error);
      this.#refuse(blamed ?? "", message);
    } finally {
      this.#submit.removeAttribute("aria-disabled");
    }
  }

  /** What is kept; of the ways only what was changed: an address is asked for its yes once. */
  #wanted() {
    const [email, webhook] = [this.#email.value.trim(), this.#webhook.value.trim()];
    const { email: knownEmail, webhook: knownWebhook } = this.#search ?? {};
    return {
      query: this.#query.value,
      name: this.#name.value,
      page: this.#page.checked,
      ...(this.#mails && email !== (knownEmail?.address ?? "") ? { email: email || null } : {}),
      ...(webhook !== (knownWebhook?.url ?? "") ? { webhook: webhook || null } : {}),
    };
  }

  /**
   * Say what is wrong, at the field that is to blame, and lead there.
   * @param {string} blamed
   * @param {string} why
   */
  #refuse(blamed, why) {
    const inputs = { query: this.#query, name: this.#name, email: this.#email, webhook: this.#webhook };
    const field = FIELDS.find((name) => name === blamed);
    for (const name of FIELDS) {
      if (name === field) inputs[name].setAttribute("aria-invalid", "true");
      else inputs[name].removeAttribute("aria-invalid");
    }
    if (field) inputs[field].after(this.#error);
    else this.#actions.before(this.#error);
    setText(this.#error, why);
    if (field) inputs[field].focus();
  }
}

/**
 * @param {string} name
 * @param {string} value
 * @param {Record<string, string | number | boolean>} attributes
 */
function field(name, value, attributes) {
  const described = `saved-search-${name}-hint saved-search-error`;
  const input = make("input", { id: `saved-search-${name}`, "aria-describedby": described, ...attributes });
  input.value = value;
  return input;
}

/**
 * @param {HTMLInputElement} input
 * @param {string} label
 * @param {string} hint
 */
function labelled(input, label, hint) {
  return [make("label", { for: input.id }, label), input, make("p", { id: `${input.id}-hint`, class: "hint" }, hint)];
}
