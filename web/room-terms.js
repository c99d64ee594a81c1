/** @file The host's own terms: names and words that captions should get right. */

import { byId, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Room} Room */

/**
 * The terms that somebody typed, one per line; empty lines are kept, so that the server's errors
 * name the right line.
 * @param {HTMLTextAreaElement} area
 */
export const linesOf = (area) => (area.value.trim() ? area.value.split("\n") : []);

/** The button and the dialog for who manages the room; for others there is neither. */
export class RoomTerms {
  #roomId;
  #session;
  #button = byId("terms", HTMLButtonElement);
  #dialog = byId("terms-dialog", HTMLDialogElement);
  #area = byId("terms-input", HTMLTextAreaElement);
  #live = false;
  #unsaved = false;

  /**
   * @param {string} roomId
   * @param {import("./session-ui.js").SessionUi} session
   */
  constructor(roomId, session) {
    this.#roomId = roomId;
    this.#session = session;
    this.#button.addEventListener("click", () => this.#open());
    byId("terms-close").addEventListener("click", () => this.#dialog.close());
    byId("terms-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    this.#area.addEventListener("input", () => {
      this.#unsaved = true;
      this.#fault("");
      this.#say(strings.room.terms.unsaved);
    });
  }

  /**
   * Show what the server knows, unless something else is being typed.
   * @param {Room} room
   */
  roomIs({ state, terms }) {
    this.#live = state === "live";
    this.#button.hidden = !terms;
    if (terms && !this.#unsaved) this.#area.value = terms.join("\n");
    if (!terms) this.withdraw();
  }

  /** Take the terms away from who may not see them; what was typed and not saved is kept. */
  withdraw() {
    this.#button.hidden = true;
    this.#dialog.close();
    if (!this.#unsaved) this.#area.value = "";
  }

  #open() {
    this.#fault("");
    this.#say(this.#unsaved ? strings.room.terms.unsaved : "");
    this.#dialog.showModal();
    this.#area.focus();
    void this.#refresh();
  }

  /** Another host may have changed them. */
  async #refresh() {
    const room = await api("GET", this.#path).catch(() => null);
    if (room) this.roomIs(room);
  }

  async #save() {
    const { terms } = strings.room;
    const sent = this.#area.value;
    this.#say(terms.saving);
    try {
      const room = await api("PATCH", this.#path, { terms: linesOf(this.#area) });
      this.#unsaved = this.#area.value !== sent;
      this.#fault("");
      this.roomIs(room);
      this.#say(this.#unsaved ? terms.unsaved : this.#live ? terms.savedLive : terms.saved);
    } catch (error) {
      this.#say(terms.unsaved);
      this.#fault(/** @type {Error} */ (error).message);
      this.#area.focus();
      if (error instanceof ApiError && error.status === 401) this.#session.expired();
    }
  }

  get #path() {
    return `/rooms/${encodeURIComponent(this.#roomId)}`;
  }

  /** @param {string} message */
  #say(message) {
    setText(byId("terms-status"), message);
  }

  /** @param {string} message */
  #fault(message) {
    setText(byId("terms-error"), message);
    this.#area.setAttribute("aria-invalid", String(Boolean(message)));
  }
}
