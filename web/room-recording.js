/** @file Whether what is said is kept: everybody is told, and hosts decide. */

import { byId, setText } from "./dom.js";
import { api } from "./http.js";
import { ask } from "./question.js";
import { strings } from "./strings.js";

/** @typedef {"on" | "off-record" | "off"} RecordingState */

const HOSTS = ["host", "cohost"];

/** The mark above the captions, the notice when that changes, and the hosts' two buttons. */
export class RoomRecording {
  #roomId;
  #notices;
  #offRecord = byId("off-record", HTMLButtonElement);
  #record = byId("record", HTMLButtonElement);
  /** @type {RecordingState | ""} empty while the room is not live */
  #state = "";
  #isHost = false;
  /** Whether each speaker is recorded as a file of their own, too. */
  #apart = false;
  /** What is wrong with the recording, in words. */
  #trouble = "";

  /**
   * @param {string} roomId
   * @param {import("./notices.js").Notices} notices
   */
  constructor(roomId, notices) {
    this.#roomId = roomId;
    this.#notices = notices;
    this.#offRecord.addEventListener("click", () => void this.#toggleRecord());
    this.#record.addEventListener("click", () => void this.#startOrStop());
  }

  /**
   * @param {boolean} live
   * @param {string} state
   */
  roomIs(live, state) {
    const before = this.#state;
    this.#state = live ? /** @type {RecordingState} */ (state) : "";
    if (this.#state && before !== this.#state) this.#tellNews(before, this.#state);
    this.#draw();
  }

  /**
   * Whether each speaker is recorded as a file of their own, too; told before how the room is.
   * @param {boolean} apart
   */
  speakersAre(apart) {
    this.#apart = apart;
  }

  /**
   * Told before how the room is. What is wrong is said when it changes, and not with all other news.
   * @param {{speaker_tracks?: boolean, note?: string}} news
   */
  newsIs({ speaker_tracks: apart = false, note = "" }) {
    this.#apart = apart;
    if (note && note !== this.#trouble) this.#notices.tell(note, { topic: "disk", lasting: true });
    this.#trouble = note;
  }

  /**
   * @param {string} role of this page's person in the room
   * @param {boolean} mine whether the room is theirs
   */
  roleIs(role, mine) {
    this.#isHost = mine || HOSTS.includes(role);
    this.#draw();
  }

  /**
   * Who comes to a room that is recorded, or off the record, is told as well as who is there.
   * @param {RecordingState | ""} before empty for who has just come
   * @param {RecordingState} now
   */
  #tellNews(before, now) {
    const { recordingNow, recordingHere, recordedApart } = strings.room;
    const news = before ? recordingNow[now] : recordingHere[now];
    const isApart = this.#apart && now === "on";
    if (news) this.#say(isApart ? `${news} ${recordedApart}` : news);
  }

  /** @param {string} text */
  #say(text) {
    this.#notices.tell(text, { topic: "recording" });
  }

  #draw() {
    const { recordingActions: actions } = strings.room;
    const isOff = this.#state === "off-record";
    byId("off-record-mark").hidden = !isOff;
    const isApart = this.#apart && this.#state === "on";
    byId("apart-mark").hidden = !isApart;
    // A description is read although it is hidden: who is about to speak hears it when it counts.
    if (isApart) byId("speak").setAttribute("aria-describedby", "apart-mark");
    else byId("speak").removeAttribute("aria-describedby");
    this.#offRecord.hidden = !this.#isHost || !this.#state;
    this.#record.hidden = this.#offRecord.hidden || isOff;
    setText(this.#offRecord, isOff ? actions.onRecord : actions.offRecord);
    setText(this.#record, this.#state === "on" ? actions.stop : actions.start);
  }

  async #startOrStop() {
    if (this.#state !== "on") await this.#switch("on");
    else if (await ask(strings.room.stopQuestion)) await this.#switch("off");
  }

  async #toggleRecord() {
    if (this.#state !== "off-record") return this.#switch("off-record");
    await this.#switch((await this.#isRecorded()) ? "on" : "off");
  }

  /** Whether there is a recording to go back to. */
  async #isRecorded() {
    const answer = await api("GET", `/rooms/${this.#roomId}/recordings`).catch(() => null);
    /** @type {import("./types.js").Recording[]} */
    const recordings = answer?.items ?? [];
    return recordings.some(({ phase }) => phase === "recording");
  }

  /** @param {RecordingState} state */
  async #switch(state) {
    try {
      await api("POST", `/rooms/${this.#roomId}/recording`, { state });
    } catch (error) {
      this.#say(/** @type {Error} */ (error).message);
    }
  }
}
