/** @file What a person is told, as it comes: one connection to `notifications.v1` for the page. */

import { CaptionsClient } from "./captions-client.js";
import { authorization, request, token } from "./http.js";

/**
 * @typedef {object} Notification
 * @property {number} seq
 * @property {string} kind
 * @property {string} at
 * @property {boolean} read
 * @property {number} more how many times more it was within the same minutes
 * @property {string | null} search the saved search that it is of
 * @property {string} title
 * @property {string} text
 * @property {string} url
 * @property {boolean} gone whether its words are not there any more
 * @property {string | null} [name] of the saved search
 * @property {{id: string, title: string}} [room]
 * @property {{id: string, name: string} | null} [speaker]
 * @property {[number, number][]} [marks] in code points of the text
 * @property {string} [way]
 * @property {string} [target]
 * @property {string} [why]
 *
 * @typedef {{onNews: (news: {notification?: Notification, gone?: number}) => void, onUnread: (count: number) => void}} Listener
 */

const PROTOCOL = "notifications.v1";

/** The notifications of who is signed in, while they are. */
export class NotificationFeed {
  #listener;
  /** @type {CaptionsClient | null} */
  #client = null;
  #user = "";
  #latest = 0;

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    addEventListener("online", () => this.#client?.connect());
  }

  /** @param {string} user the id of who uses this page now, or "" */
  meIs(user) {
    if (user === this.#user) return;
    this.#client?.stop();
    [this.#client, this.#user, this.#latest] = [null, user, 0];
    if (!user) return;
    this.#client = new CaptionsClient({
      address: (after) => addressOf(after),
      latestSeq: () => this.#latest,
      onMessage: (message) => this.#receive(/** @type {any} */ (message)),
      onConnection: () => {},
      open: (address) => new WebSocket(address, PROTOCOL),
    });
    this.#client.connect();
  }

  /** @param {{type: string, seq: number, unread?: number}} message */
  #receive(message) {
    if (message.unread !== undefined) this.#listener.onUnread(message.unread);
    if (message.type === "notification") {
      this.#latest = Math.max(this.#latest, message.seq);
      this.#listener.onNews({ notification: /** @type {any} */ (message) });
    } else if (message.type === "gone") {
      this.#listener.onNews({ gone: message.seq });
    }
  }
}

/**
 * Keep that a notification was read, also when the page is left at once.
 * @param {number} seq
 */
export function markRead(seq) {
  const headers = { ...authorization(), "Content-Type": "application/json" };
  const body = JSON.stringify({ read: true });
  return request(`/v1/me/notifications/${seq}`, { method: "PATCH", headers, body, keepalive: true });
}

/** @param {number} after 0 for all that is not read */
function addressOf(after) {
  const url = new URL("/v1/notifications", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("token", token());
  if (after) url.searchParams.set("after", String(after));
  return url.href;
}
