/** @file The list of what a person was told. */

import { nodesOf } from "./caption-text.js";
import { byId, make, reconcile, setText } from "./dom.js";
import { api } from "./http.js";
import { drawCard, focusIn } from "./kept-cards.js";
import { markRead } from "./notification-feed.js";
import { notificationTitle } from "./notification-text.js";
import { textMarks } from "./search-marks.js";
import { strings } from "./strings.js";
import { dateText } from "./times.js";

/** @typedef {import("./notification-feed.js").Notification} Notification */

/** The newest notifications, and older ones when they are asked for. */
export class NotificationList {
  #list = byId("told");
  #older = byId("older", HTMLButtonElement);
  #readAll = byId("read-all", HTMLButtonElement);
  /** @type {Notification[]} */
  #items = [];
  #say;
  #onStop;

  /**
   * @param {object} ways
   * @param {(text: string) => void} ways.say
   * @param {(searchId: string, name: string) => Promise<void>} ways.onStop
   */
  constructor({ say, onStop }) {
    this.#say = say;
    this.#onStop = onStop;
    this.#older.addEventListener("click", () => void this.#doing(() => this.#showOlder()));
    this.#readAll.addEventListener("click", () => void this.#doing(() => this.#markAll()));
  }

  /** Ask for as many as are shown, or for the first ones. */
  async refresh() {
    const wanted = Math.min(Math.max(this.#items.length, 50), 100);
    const { items, more } = await api("GET", `/me/notifications?limit=${wanted}`);
    const oldest = items.at(-1)?.seq ?? 0;
    this.#items = [...items, ...this.#items.filter(({ seq }) => more && seq < oldest)];
    if (this.#items.length === items.length) this.#older.hidden = !more;
    this.#show();
  }

  forget() {
    this.#items = [];
    this.#show();
  }

  async #showOlder() {
    const before = this.#items.at(-1)?.seq ?? 0;
    const { items, more } = await api("GET", `/me/notifications?before=${before}`);
    this.#items = [...this.#items, ...items];
    this.#show();
    if (items[0]) focusIn(this.#card(items[0]), "a, button");
    this.#older.hidden = !more;
  }

  async #markAll() {
    await api("POST", "/me/notifications/read", { upto: this.#items[0]?.seq ?? 1 });
    this.#items = this.#items.map((one) => ({ ...one, read: true }));
    byId("told-title").focus(); // the button goes
    this.#show();
    this.#say(strings.notifications.allRead);
  }

  /** @param {Notification} item */
  async #markOne({ seq }) {
    await markRead(seq);
    this.#items = this.#items.map((one) => (one.seq === seq ? { ...one, read: true } : one));
    focusIn(this.#card({ seq }), ".delete"); // the button goes
    this.#show();
  }

  /** @param {Notification} item */
  async #delete({ seq }) {
    await api("DELETE", `/me/notifications/${seq}`);
    const at = this.#items.findIndex((one) => one.seq === seq);
    this.#items = this.#items.filter((one) => one.seq !== seq);
    this.#show();
    if (!focusIn(this.#card(this.#items[at] ?? this.#items[at - 1]), ".delete")) byId("told-title").focus();
    this.#say(strings.notifications.deleted);
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
    byId("told-empty").hidden = this.#items.length > 0;
    this.#readAll.hidden = !this.#items.some(({ read }) => !read);
    if (!this.#items.length) this.#older.hidden = true;
    reconcile(this.#list, this.#items, {
      key: ({ seq }) => String(seq),
      create: () => make("li", { class: "card told" }),
      update: (card, item) => drawCard(card, item, () => this.#parts(item)),
    });
  }

  /** @param {{seq: number} | undefined} item */
  #card(item) {
    return item && this.#list.querySelector(`[data-key="${item.seq}"]`);
  }

  /** @param {Notification} item */
  #parts(item) {
    const { isNew, gone, moreTimes } = strings.notifications;
    const title = notificationTitle(item);
    const mark = item.read ? null : make("span", { class: "chip new-mark" }, isNew);
    const facts = [item.speaker?.name ?? "", dateText(item.at)].filter(Boolean);
    return [
      make("p", { class: "told-title", dir: "auto" }, mark, mark ? " " : "", title),
      item.text ? make("blockquote", { dir: "auto" }, ...nodesOf(item.text, textMarks(item.text, item.marks ?? []))) : null,
      item.gone ? make("p", { class: "quiet" }, gone) : null,
      make("p", { class: "facts" }, ...facts.flatMap((fact, at) => [at ? " · " : "", make("bdi", {}, fact)])),
      item.more ? make("p", { class: "facts" }, moreTimes(item.more)) : null,
      make("p", { class: "links told-actions" }, ...this.#actions(item, title)),
    ];
  }

  /**
   * @param {Notification} item
   * @param {string} title
   */
  #actions(item, title) {
    const { goThere, goOf, readIt, readOf, delete: remove, deleteOf, stop, stopOf } = strings.notifications;
    const go = make("a", { href: item.url, class: "go", "aria-label": goOf(title) }, goThere);
    go.addEventListener("click", () => item.read || void markRead(item.seq).catch(() => {}));
    const { search, name } = item;
    return [
      item.kind === "mention" && !item.gone ? go : null,
      item.read ? null : this.#button("read", readIt, readOf(title), () => this.#markOne(item)),
      this.#button("delete", remove, deleteOf(title), () => this.#delete(item)),
      search && name ? this.#button("stop", stop, stopOf(name), () => this.#onStop(search, name)) : null,
    ].filter((part) => part !== null);
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
