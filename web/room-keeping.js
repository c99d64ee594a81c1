/** @file On a room's page: hosts choose how long its recordings are kept. */

import { byId, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { fillKeepOptions, keepDaysOf } from "./keep-options.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Room} Room */

/** The choice, for who manages the room. */
export class RoomKeeping {
  #path;
  #session;
  #place = byId("keeping");
  #select = byId("keep-days", HTMLSelectElement);
  /** @type {import("./keep-options.js").Site | null | undefined} undefined before it was asked for */
  #site = undefined;
  /** @type {number | null} */
  #chosen = null;

  /**
   * @param {string} roomId
   * @param {import("./session-ui.js").SessionUi} session
   */
  constructor(roomId, session) {
    this.#path = `/rooms/${encodeURIComponent(roomId)}`;
    this.#session = session;
    this.#select.addEventListener("change", () => void this.#save());
  }

  /** @param {Room} room */
  roomIs({ terms, keep_days: days = null }) {
    this.#place.hidden = !terms;
    this.#chosen = days;
    if (terms) void this.#show();
  }

  /** Take the choice away from who may not make it. */
  withdraw() {
    this.#place.hidden = true;
  }

  async #show() {
    if (this.#site === undefined) this.#site = await api("GET", "/site").catch(() => null);
    fillKeepOptions(this.#select, this.#site ?? null, this.#chosen);
  }

  async #save() {
    const { saving, saved } = strings.keeping;
    this.#tell(saving, "");
    try {
      const room = await api("PATCH", this.#path, { keep_days: keepDaysOf(this.#select) });
      this.#chosen = room.keep_days;
      this.#tell(saved, "");
    } catch (error) {
      fillKeepOptions(this.#select, this.#site ?? null, this.#chosen);
      this.#tell("", /** @type {Error} */ (error).message);
      if (error instanceof ApiError && error.status === 401) this.#session.expired();
    }
  }

  /**
   * @param {string} status
   * @param {string} fault
   */
  #tell(status, fault) {
    setText(byId("keep-status"), status);
    setText(byId("keep-error"), fault);
  }
}
