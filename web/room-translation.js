/** @file A host's switch for English captions beside those of what is said, also while live. */

import { byId, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Room} Room */

const ENGLISH = "en";

/** The switch, for who manages a room in which something else than English may be spoken. */
export class RoomTranslation {
  #roomId;
  #session;
  #place = byId("translation");
  #switch = byId("translate", HTMLInputElement);
  /** @type {Room | null} */
  #room = null;
  #offered = "";
  #saving = false;

  /**
   * @param {string} roomId
   * @param {import("./session-ui.js").SessionUi} session
   */
  constructor(roomId, session) {
    this.#roomId = roomId;
    this.#session = session;
    this.#switch.addEventListener("change", () => void this.#save());
  }

  /**
   * Show what the server knows, unless it is being told something else.
   * @param {Room} room
   */
  roomIs(room) {
    this.#room = room;
    this.#offered = room.tracks.join();
    const may = Boolean(room.terms) && room.language.split("-")[0] !== ENGLISH;
    this.#place.hidden = !may;
    if (this.#saving) return;
    this.#switch.checked = room.translate;
    this.#say(stateOf(room));
  }

  /**
   * The room has news: another host may have used the switch.
   * @param {string[]} tracks that are offered now
   */
  offeredAre(tracks) {
    if (this.#place.hidden || this.#saving || tracks.join() === this.#offered) return;
    void this.#refresh();
  }

  /** Take the switch away from who may not use it. */
  withdraw() {
    this.#place.hidden = true;
  }

  async #refresh() {
    const room = await api("GET", this.#path).catch(() => null);
    if (room) this.roomIs(room);
  }

  /** Tell the server where the switch stands, and again when it was used meanwhile. */
  async #save() {
    if (this.#saving) return;
    this.#saving = true;
    this.#fault("");
    this.#say(strings.room.translation.saving);
    try {
      let sent;
      do {
        sent = this.#switch.checked;
        this.#room = await api("PATCH", this.#path, { translate: sent });
      } while (sent !== this.#switch.checked);
    } catch (error) {
      this.#fault(/** @type {Error} */ (error).message);
      if (error instanceof ApiError && error.status === 401) this.#session.expired();
    } finally {
      this.#saving = false;
      if (this.#room) this.roomIs(this.#room);
    }
  }

  get #path() {
    return `/rooms/${encodeURIComponent(this.#roomId)}`;
  }

  /** @param {string} message */
  #say(message) {
    setText(byId("translate-status"), message);
  }

  /** @param {string} message */
  #fault(message) {
    setText(byId("translate-error"), message);
  }
}

/**
 * What a host is told about English captions.
 * @param {Room} room
 */
function stateOf({ translate, state, tracks }) {
  const { translation } = strings.room;
  if (!translate) return "";
  if (state !== "live") return translation.later;
  return tracks.includes(ENGLISH) ? translation.on : translation.unable;
}
