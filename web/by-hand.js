/** @file On a room's page: who captions by hand, and whom the host lets do it. */

import { byId, make, setText } from "./dom.js";
import { api } from "./http.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Person} Person
 * @typedef {import("./types.js").Participant} Participant
 */

const MANAGE = ["host", "cohost"];
const CORRECT = [...MANAGE, "captioner"];

/** What the room's page says and offers about captions by hand. */
export class ByHand {
  #room;
  #say;
  #role = "";
  /** @type {Person | null | undefined} undefined before the first word of the server */
  #captioner = undefined;
  #engine = { name: "", quality: "" };

  /**
   * @param {string} roomId
   * @param {(text: string) => void} say tells everybody, screen readers too
   */
  constructor(roomId, say) {
    this.#room = roomId;
    this.#say = say;
    byId("by-hand", HTMLAnchorElement).href = `/rooms/${encodeURIComponent(roomId)}/captioner`;
  }

  /** @param {string} role what this page's person is in the room */
  roleIs(role) {
    this.#role = role;
    byId("by-hand").hidden = !CORRECT.includes(role);
  }

  /** @param {{name: string, quality: string, captioner?: Person | null} | null | undefined} engine */
  engineIs(engine) {
    this.#engine = { name: engine?.name ?? "", quality: engine?.quality ?? "" };
    this.captionerIs(engine?.captioner ?? null);
  }

  /** @param {Person | null} person */
  captionerIs(person) {
    const { captioner, captions } = strings;
    const before = this.#captioner;
    this.#captioner = person;
    const { name, quality } = this.#engine;
    const byEngine = name ? captions.engine(name, quality) : "";
    setText(byId("engine"), person ? captioner.byHand(person.name) : byEngine);
    if (before === undefined || before?.id === person?.id) return;
    this.#say(person ? captioner.began(person.name) : captioner.ended);
  }

  /**
   * Offer the host to make somebody captioner, beside their name.
   * @param {HTMLElement} row
   * @param {Participant} participant
   */
  decorate(row, { user, role }) {
    const wanted = MANAGE.includes(this.#role) && role !== "host" ? role : "";
    if (row.dataset.offered === wanted) return;
    row.dataset.offered = wanted;
    const known = row.querySelector("button");
    if (!wanted) {
      known?.remove();
      return;
    }
    const { make: on, unmake: off, makeOf, unmakeOf } = strings.captioner;
    const is = role === "captioner";
    // The button stays, and with it the focus of who has just pressed it.
    const button = known ?? this.#button(row, user);
    button.setAttribute("aria-label", is ? unmakeOf(user.name) : makeOf(user.name));
    setText(button, is ? off : on);
  }

  /**
   * @param {HTMLElement} row
   * @param {Person} user
   */
  #button(row, user) {
    const button = make("button", { type: "button", class: "button" });
    const other = () => (row.dataset.offered === "captioner" ? "listener" : "captioner");
    button.addEventListener("click", () => void this.#change(user, other()));
    row.append(" ", button);
    return button;
  }

  /**
   * @param {Person} user
   * @param {string} role
   */
  async #change(user, role) {
    try {
      await api("PATCH", `/rooms/${this.#room}/participants/${user.id}`, { role });
    } catch (error) {
      this.#say(String(/** @type {Error} */ (error).message));
    }
  }
}
