/** @file The head of a room page: what the room is, who is here, who speaks, whether it is kept. */

import { byId, make, reconcile, setText } from "./dom.js";
import { setPageTitle } from "./page-title.js";
import { markPlace } from "./speaker-marks.js";
import { Speaking, showSpeaking } from "./speaking.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Participant} Participant
 * @typedef {import("./types.js").Person} Person
 */

/** @type {Record<string, string>} */
const RECORDING_SYMBOL = { on: "●", "off-record": "◐", off: "○" };
/** @type {Record<string, string>} */
const STATE_SYMBOL = { live: "▶", scheduled: "◷", ended: "■" };
/** In the head for everybody, and where a reader's eyes are. */
const SPEAKING = ["speaking", "speaking-line"];

/** Shows a room; it is told everything. */
export class RoomHead {
  #me = "";
  #marks;
  #speaking = new Speaking();
  /** @type {Participant[]} */
  #participants = [];

  /** @param {import("./speaker-marks.js").SpeakerMarks} marks */
  constructor(marks) {
    this.#marks = marks;
    const button = byId("people-button", HTMLButtonElement);
    button.addEventListener("click", () => {
      const list = byId("people");
      list.hidden = !list.hidden;
      button.setAttribute("aria-expanded", String(!list.hidden));
    });
    this.#showSpeaking();
  }

  /**
   * Add to a participant's row; it may be called for the same row again.
   * @type {(row: HTMLElement, participant: Participant) => void}
   */
  decorate = () => {};

  /** @param {Person | null} user */
  meIs(user) {
    this.#me = user?.id ?? "";
  }

  /** @param {string} title */
  titleIs(title) {
    setText(byId("room-title"), title);
    setPageTitle(`${title} · ${strings.brand}`);
  }

  /**
   * @param {string} state
   * @param {string} recording
   */
  stateIs(state, recording) {
    const names = /** @type {Record<string, string>} */ (strings.room.state);
    const recordings = /** @type {Record<string, string>} */ (strings.room.recording);
    symbolAndText(byId("room-state"), STATE_SYMBOL[state] ?? "", names[state] ?? state);
    byId("room-state").dataset.state = state;
    const shown = state === "live" ? (recordings[recording] ?? recording) : "";
    symbolAndText(byId("recording-state"), RECORDING_SYMBOL[recording] ?? "", shown);
    byId("recording-state").dataset.state = recording;
    byId("recording-state").hidden = !shown;
    for (const place of SPEAKING) byId(place).hidden = state !== "live";
    byId("people-button").hidden = state !== "live";
    if (state !== "live") this.silence();
  }

  /** @param {number} count */
  countIs(count) {
    setText(byId("people-button"), strings.room.people(count));
  }

  /** @param {Participant[]} participants */
  participantsAre(participants) {
    this.countIs(participants.length);
    this.#participants = participants;
    this.draw();
  }

  /** Draw people anew: who they are, or their marks, may have changed. */
  draw() {
    this.#showSpeaking();
    const participants = this.#participants;
    reconcile(byId("people-list"), participants, {
      key: (one) => one.user.id,
      create: () => make("li", {}, markPlace(), make("span", { class: "person" })),
      update: (element, one) => {
        setText(/** @type {HTMLElement} */ (element.querySelector(".person")), this.#describe(one));
        this.#marks.draw(element, one.user);
        this.decorate(element, one);
      },
    });
    byId("nobody").hidden = participants.length > 0;
  }

  /**
   * @param {Person} person
   * @param {boolean} on
   */
  speakingIs(person, on) {
    this.#speaking.is(person, on);
    this.#showSpeaking();
  }

  /** Nobody is known to speak. */
  silence() {
    this.#speaking.clear();
    this.#showSpeaking();
  }

  #showSpeaking() {
    for (const place of SPEAKING) showSpeaking(byId(place), this.#speaking.people, this.#marks);
  }

  /** @param {Participant} participant */
  #describe({ user, role, muted, invited }) {
    const facts = [strings.room.roles[role] ?? role];
    if (user.id === this.#me) facts.unshift(strings.room.you);
    if (invited) facts.push(strings.people.invited);
    if (muted) facts.push(strings.room.muted);
    return `${user.name} (${facts.join(", ")})`;
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} symbol hidden from screen readers: the text says it
 * @param {string} text
 */
function symbolAndText(element, symbol, text) {
  if (element.textContent === `${symbol} ${text}`) return;
  element.replaceChildren(make("span", { "aria-hidden": "true" }, symbol), ` ${text}`);
}
