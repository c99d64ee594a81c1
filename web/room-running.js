/** @file Starting and ending a room, by its host. */

import { byId } from "./dom.js";
import { api } from "./http.js";
import { ask } from "./question.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Room} Room */

/** The host's two buttons; ending is asked about once more. */
export class RoomRunning {
  #roomId;
  #onRoom;
  #onError;

  /**
   * @param {string} roomId
   * @param {{onRoom: (room: Room) => void, onError: (message: string) => void}} news
   */
  constructor(roomId, { onRoom, onError }) {
    this.#roomId = roomId;
    this.#onRoom = onRoom;
    this.#onError = onError;
    byId("start").addEventListener("click", () => void this.#change("start"));
    byId("end").addEventListener("click", async () => {
      if (await ask(strings.room.endQuestion)) void this.#change("end");
    });
  }

  /**
   * @param {string} state of the room
   * @param {boolean} mine whether this page's person is its host
   */
  roomIs(state, mine) {
    byId("start").hidden = !mine || state === "live";
    byId("end").hidden = !mine || state !== "live";
  }

  /** @param {"start" | "end"} what */
  async #change(what) {
    try {
      this.#onRoom(await api("POST", `/rooms/${this.#roomId}/${what}`));
    } catch (error) {
      this.#onError(/** @type {Error} */ (error).message);
    }
  }
}
