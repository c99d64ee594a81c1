/**
 * @file Notifications on every page: a link with their number beside who is signed in, and a card with
 * the newest that was not read, which stays until it is dismissed.
 */

import { alertsOfPage } from "./alert-stack.js";
import { make, setText } from "./dom.js";
import { NotificationFeed, markRead } from "./notification-feed.js";
import { notificationText } from "./notification-text.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./notification-feed.js").Notification} Notification
 * @typedef {import("./types.js").Person} Person
 */

const KEY = "notification";
const HERE = "/notifications";

/** The corner's link, and the card. */
export class NotificationBell {
  link = make("a", { href: HERE, class: "bell", hidden: true });
  /** Told of each piece of news. */
  onNews = () => {};
  /** @type {Map<number, Notification>} what was not read, by number */
  #unread = new Map();
  #count = 0;
  /** @type {number} what the card shows, 0 for nothing */
  #shown = 0;
  #feed = new NotificationFeed({
    onNews: ({ notification, gone }) => {
      if (notification) this.#take(notification);
      else if (gone) this.#forget(gone);
      this.onNews();
    },
    onUnread: (count) => {
      this.#count = count;
      this.#showCount();
    },
  });

  /** @param {Person | null} user who uses this page now */
  meIs(user) {
    this.link.hidden = !user;
    if (!user) {
      this.#unread.clear();
      this.#count = 0;
      if (this.#shown) this.#show();
    } else alertsOfPage(); // there before it has something to say
    this.#showCount();
    this.#feed.meIs(user?.id ?? "");
  }

  #showCount() {
    setText(this.link, strings.notifications.link(this.#count));
    if (location.pathname === HERE) this.link.setAttribute("aria-current", "page");
  }

  /** @param {Notification} notification */
  #take(notification) {
    const isNew = !notification.read && !this.#unread.has(notification.seq);
    if (notification.read || notification.gone) this.#unread.delete(notification.seq);
    else this.#unread.set(notification.seq, notification);
    this.#show(isNew && !notification.gone);
  }

  /** @param {number} seq */
  #forget(seq) {
    this.#unread.delete(seq);
    this.#show();
  }

  /** @param {boolean} [announce] whether a screen reader is told */
  #show(announce = false) {
    if (location.pathname === HERE) return; // they are all shown there
    const stack = alertsOfPage();
    const newest = this.#unread.get(Math.max(...this.#unread.keys()));
    this.#shown = newest?.seq ?? 0;
    if (!newest) return stack.hide(KEY);
    const { goThere, dismiss, all } = strings.notifications;
    const others = this.#unread.size - 1;
    stack.show(
      {
        key: KEY,
        text: notificationText(newest),
        links: [
          { text: goThere, href: newest.url, run: () => void markRead(newest.seq).catch(() => {}) },
          ...(others ? [{ text: all(this.#unread.size), href: HERE }] : []),
        ],
        actions: [{ text: dismiss, run: () => this.#dismiss(newest.seq) }],
      },
      { announce },
    );
  }

  /** @param {number} seq */
  #dismiss(seq) {
    this.#forget(seq);
    const next = this.#unread.get(this.#shown);
    if (next) alertsOfPage().tell(notificationText(next)); // the focus stays, and would say nothing of it
    markRead(seq).catch(() => {}); // it comes back with the next page
  }
}
