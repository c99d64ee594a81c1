/** @file Speaking by typing, on a room's page. */

import { byId, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { strings } from "./strings.js";

/** @typedef {import("./session-ui.js").SessionUi} SessionUi */

const SPEAK = ["host", "cohost", "speaker"];

/** The field in which words are typed that are then heard in the room. */
export class TypedSpeech {
  #room;
  #session;
  #form = byId("say-form", HTMLFormElement);
  #words = byId("say-words", HTMLInputElement);
  #role = "";
  #live = false;
  #openFloor = false;
  /** The name of the words that are being sent: sent again, they are said once. */
  #line = "";
  #busy = false;
  /** Whether to come as a speaker first although the right is there: it answers an invitation. */
  invited = () => false;

  /**
   * @param {string} roomId
   * @param {SessionUi} session
   */
  constructor(roomId, session) {
    this.#room = encodeURIComponent(roomId);
    this.#session = session;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.#words.addEventListener("input", () => (this.#line = ""));
  }

  /** @param {string} role what this page's person is in the room */
  roleIs(role) {
    this.#role = role;
    this.#draw();
  }

  focus() {
    this.#words.focus();
  }

  /**
   * @param {boolean} live
   * @param {boolean} openFloor whether anybody may come and speak
   */
  roomIs(live, openFloor) {
    [this.#live, this.#openFloor] = [live, openFloor];
    this.#draw();
  }

  get #maySpeak() {
    return SPEAK.includes(this.#role);
  }

  #draw() {
    const may = this.#session.user && (this.#maySpeak || this.#openFloor);
    this.#form.hidden = !this.#live || !may;
  }

  async #submit() {
    const text = this.#words.value.trim();
    if (!text || this.#busy || !(await this.#session.need())) return;
    this.#busy = true;
    this.#tell(strings.say.sending);
    try {
      if (!this.#maySpeak || this.invited()) await api("POST", `/rooms/${this.#room}/join`, { as: "speaker" });
      this.#line ||= `say-${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
      const said = await api("POST", `/rooms/${this.#room}/say`, { line: this.#line, text });
      if (this.#words.value.trim() === text) this.#words.value = "";
      this.#line = "";
      this.#tell(said.heard ? strings.say.heard : said.note);
    } catch (error) {
      this.#tell(error instanceof ApiError ? error.message : strings.errors.server);
    } finally {
      this.#busy = false;
      const { activeElement, body } = document;
      // Who has gone on to something else stays there.
      if (activeElement === body || this.#form.contains(activeElement)) this.#words.focus();
    }
  }

  /** @param {string} text */
  #tell(text) {
    setText(byId("say-status"), text);
  }
}
