/** @file The list of a person's saved searches. */

import { byId, make, reconcile } from "./dom.js";
import { api } from "./http.js";
import { drawCard } from "./kept-cards.js";
import { ask } from "./question.js";
import { askForSearch } from "./saved-search-dialog.js";
import { strings } from "./strings.js";

/** @typedef {import("./saved-search-dialog.js").SavedSearch} SavedSearch */

const words = strings.savedSearches;

/** What there is to tell, and how. */
export class SavedSearchList {
  #list = byId("searches");
  #say;
  /** @type {SavedSearch[]} */
  #items = [];

  /** @param {(text: string) => void} say */
  constructor(say) {
    this.#say = say;
    byId("add-search").addEventListener("click", () => void this.#doing(() => this.#add()));
  }

  async refresh() {
    const { items } = await api("GET", "/me/searches");
    this.#items = items;
    this.#show();
  }

  forget() {
    this.#items = [];
    this.#show();
  }

  /**
   * Tell of a search, or not.
   * @param {string} id
   * @param {boolean} on
   * @param {string} name
   */
  async turn(id, on, name) {
    await api("PATCH", `/me/searches/${encodeURIComponent(id)}`, { on });
    this.#items = this.#items.map((one) => (one.id === id ? { ...one, on } : one));
    await this.refresh();
    this.#say(on ? words.isOn(name) : strings.notifications.stopped(name));
  }

  /**
   * Tell of a search as its box says; where that does not work, the box says how it is.
   * @param {HTMLInputElement} box
   * @param {SavedSearch} search
   */
  async #turnBy(box, { id, name }) {
    try {
      await this.turn(id, box.checked, name);
    } catch (error) {
      box.checked = this.#items.some((one) => one.id === id && one.on);
      throw error;
    }
  }

  async #add() {
    const saved = await askForSearch({});
    if (saved) await this.#changed(words.kept(saved.name));
  }

  /** @param {SavedSearch} search */
  async #change(search) {
    const saved = await askForSearch({ search });
    if (saved) await this.#changed(words.kept(saved.name));
  }

  /** @param {SavedSearch} search */
  async #delete({ id, name }) {
    if (!(await ask({ title: words.deleteTitle, text: words.deleteText(name), yes: words.delete }))) return;
    await api("DELETE", `/me/searches/${id}`);
    byId("searches-title").focus();
    await this.#changed(words.deleted(name));
  }

  /**
   * @param {SavedSearch} search
   * @param {Record<string, string>} way
   * @param {string} text
   */
  async #again({ id }, way, text) {
    await api("PATCH", `/me/searches/${id}`, way);
    await this.#changed(text);
  }

  /** @param {string} text */
  async #changed(text) {
    await this.refresh();
    this.#say(text);
  }

  /** @param {() => Promise<void>} work */
  async #doing(work) {
    this.#say("");
    try {
      await work();
    } catch (error) {
      this.#say(/** @type {Error} */ (error).message);
    }
  }

  #show() {
    byId("searches-empty").hidden = this.#items.length > 0;
    reconcile(this.#list, this.#items, {
      key: ({ id }) => id,
      create: () => make("li", { class: "card" }),
      update: (card, search) => drawCard(card, search, () => this.#parts(search)),
    });
  }

  /** @param {SavedSearch} search */
  #parts(search) {
    const { name, query, hints } = search;
    return [
      make("h3", {}, make("bdi", {}, name)),
      name === query ? null : make("p", { class: "facts" }, make("bdi", {}, query)),
      ...hints.map(({ text }) => make("p", { class: "hint" }, text)),
      make("p", { class: "facts" }, waysOf(search)),
      ...this.#troubles(search),
      this.#actions(search),
    ];
  }

  /** @param {SavedSearch} search */
  #troubles(search) {
    const { email, webhook } = search;
    const parts = [];
    if (email && !email.confirmed) {
      const { address } = email;
      const again = () => this.#again(search, { email: address }, words.sentAgain(address));
      parts.push(make("p", {}, words.confirm(address)), this.#button("again", words.again, words.again, again));
    }
    if (webhook?.stopped) {
      const restart = () => this.#again(search, { webhook: webhook.url }, words.restarted);
      parts.push(make("p", { class: "error" }, words.stopped(webhook.stopped)));
      parts.push(this.#button("restart", words.restart, words.restart, restart));
    }
    if (webhook) {
      const secret = make("p", {}, make("code", {}, webhook.secret));
      parts.push(make("details", { class: "secret" }, make("summary", {}, words.secret), secret));
    }
    return parts;
  }

  /** @param {SavedSearch} search */
  #actions(search) {
    const { name, query, on } = search;
    const box = make("input", { type: "checkbox", class: "on", checked: on, "aria-label": words.onOf(name) });
    box.addEventListener("change", () => void this.#doing(() => this.#turnBy(box, search)));
    const now = { href: `/search?${new URLSearchParams({ q: query })}`, "aria-label": words.searchOf(name) };
    return make(
      "p",
      { class: "links told-actions" },
      make("label", { class: "check" }, box, make("span", { "aria-hidden": true }, words.on)),
      make("a", now, words.search),
      this.#button("change", words.change, words.changeOf(name), () => this.#change(search)),
      this.#button("delete", words.delete, words.deleteOf(name), () => this.#delete(search)),
    );
  }

  /**
   * @param {string} name
   * @param {string} text
   * @param {string} label
   * @param {() => Promise<void>} work
   */
  #button(name, text, label, work) {
    const button = make("button", { type: "button", class: `button ${name}`, "aria-label": label }, text);
    button.addEventListener("click", () => void this.#doing(work));
    return button;
  }
}

/** @param {SavedSearch} search */
function waysOf({ page, email, webhook }) {
  const ways = [
    page ? words.onPage : "",
    email ? words.byEmail(email.address) : "",
    webhook ? words.byWebhook(webhook.url) : "",
  ].filter(Boolean);
  return ways.length ? ways.join(", ") : words.noWay;
}
