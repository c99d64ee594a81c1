/** @file All that calls for the listener's attention on a room's page, put together. */

import { alertsOfPage } from "./alert-stack.js";
import { Attention } from "./attention.js";
import { byId } from "./dom.js";
import { Invitation } from "./invitation.js";
import { LookAhead } from "./look-ahead.js";
import { WordAlerts } from "./word-alerts.js";
import { WordsDialog } from "./words-dialog.js";
import { WordsKeeper } from "./words-keeper.js";

/**
 * @typedef {import("./caption-panel.js").CaptionPanel} CaptionPanel
 * @typedef {import("./captions-client.js").CaptionsClient} CaptionsClient
 * @typedef {import("./types.js").Person} Person
 */

/** Alert words and invitations in one room. */
export class RoomAlerts {
  #stack = alertsOfPage(byId("captions"));
  #attention = new Attention(byId("panel"));
  #keeper = new WordsKeeper();
  #words = new WordAlerts({
    stack: this.#stack,
    attention: this.#attention,
    keeper: this.#keeper,
    go: ({ seq }) => this.#goTo(seq),
  });
  #ahead = new LookAhead((page) => this.#client?.scrollback(page) ?? false);
  /** @type {CaptionPanel | null} */
  #panel = null;
  /** @type {CaptionsClient | null} */
  #client = null;
  /** @type {Person | null} */
  #me = null;
  invitation;

  /**
   * @param {string} roomId
   * @param {{speak: () => void, type: () => void}} ways to speak here
   */
  constructor(roomId, ways) {
    const [stack, attention] = [this.#stack, this.#attention];
    this.invitation = new Invitation(roomId, { stack, attention, me: () => this.#me?.id ?? "", ways });
    const dialog = new WordsDialog({
      keeper: this.#keeper,
      attention,
      name: () => this.#me?.name ?? "",
      tryIt: () => this.#words.tryIt(),
    });
    byId("words").addEventListener("click", () => dialog.open());
  }

  /** Marks the listener's words in captions. */
  get marker() {
    return this.#words.marker;
  }

  /**
   * @param {CaptionPanel} panel
   * @param {CaptionsClient} client
   */
  attach(panel, client) {
    [this.#panel, this.#client] = [panel, client];
    this.#keeper.onChange(() => {
      this.#words.wordsAre(this.#keeper.words);
      panel.remark();
    });
  }

  /** @param {Person | null} user who uses this page now */
  meIs(user) {
    if (this.#me && this.#me.id !== user?.id) this.invitation.forget();
    this.#me = user;
    this.#words.meIs(user);
    this.#keeper.meIs(user?.id ?? "");
  }

  /**
   * Hear a message, before it is shown.
   * @param {import("./types.js").ServerMessage} message
   * @returns {boolean} whether it was asked for from here, and is not to be shown
   */
  receive(message) {
    this.#words.receive(message);
    if (message.type === "you") this.invitation.standingIs(message);
    if (message.type === "pending" && this.#panel?.reading.paused && !this.#words.idle) {
      this.#ahead.waiting(Math.max(this.#words.newestSeq, this.#panel.latestSeq), message.latest_seq);
    }
    return this.#ahead.takes(message);
  }

  /** Go to the newest alert. */
  focus() {
    this.#stack.focus();
  }

  /** @param {number} seq 0 for what is being said still */
  #goTo(seq) {
    this.#panel?.focus();
    if (seq) this.#panel?.toEntry(seq);
    else this.#panel?.resume("live");
  }
}
