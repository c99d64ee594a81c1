/** @file On a room's page: who captions by hand. */

import { byId, setText } from "./dom.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Person} Person */

const CORRECT = ["host", "cohost", "captioner"];

/** What the room's page says and offers about captions by hand. */
export class ByHand {
  #say;
  /** @type {Person | null | undefined} undefined before the first word of the server */
  #captioner = undefined;
  #engine = { name: "", quality: "" };

  /**
   * @param {string} roomId
   * @param {(text: string) => void} say tells everybody, screen readers too
   */
  constructor(roomId, say) {
    this.#say = say;
    byId("by-hand", HTMLAnchorElement).href = `/rooms/${encodeURIComponent(roomId)}/captioner`;
  }

  /** @param {string} role what this page's person is in the room */
  roleIs(role) {
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
}
