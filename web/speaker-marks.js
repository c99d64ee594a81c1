/** @file Whose mark is which: the order of a room's speakers, as the server gives it to every page. */

import { make } from "./dom.js";
import { api } from "./http.js";
import { lookOf, shapeOf } from "./speaker-looks.js";

/** @typedef {import("./types.js").Person} Person */

/** Several new speakers within this are asked for once. */
const ASK_AFTER_MS = 200;

/** Draws a mark beside names. Who has not been captioned yet has none, and keeps the place for it. */
export class SpeakerMarks {
  #roomId;
  /** @type {Map<string, number>} */
  #numbers = new Map();
  #timer = 0;
  #wanted = false;
  /** @type {Set<string>} who was captioned and is not known yet */
  #missing = new Set();

  /** @param {string} roomId "" while it is not known */
  constructor(roomId) {
    this.#roomId = roomId;
  }

  /** The marks may have changed: names are to be drawn again. */
  onChange = () => {};

  /** @param {string} roomId */
  roomIs(roomId) {
    this.#roomId = roomId;
    if (this.#wanted) this.ask();
  }

  /** @param {string} style what a listener has chosen: `speakers` of a caption style */
  styleIs(style) {
    document.body.dataset.speakers = style;
    const wanted = style !== "names";
    if (wanted && !this.#wanted) this.ask();
    this.#wanted = wanted;
  }

  /** @param {import("./types.js").ServerMessage} message */
  receive(message) {
    if (message.type === "welcome" && this.#wanted) this.ask();
    else if (message.type === "final") this.#said(message.speaker);
    else if (message.type === "history") {
      for (const item of message.items) if (item.type === "final") this.#said(item.speaker);
    }
  }

  /** @param {Person | null} speaker of a final */
  #said(speaker) {
    if (!speaker || this.#numbers.has(speaker.id) || this.#missing.has(speaker.id)) return;
    this.#missing.add(speaker.id);
    if (this.#wanted) this.ask();
  }

  /** Ask for the order soon. */
  ask() {
    if (!this.#timer) this.#timer = Number(setTimeout(() => void this.#load(), ASK_AFTER_MS));
  }

  async #load() {
    this.#timer = 0;
    if (!this.#roomId) return;
    const answer = await api("GET", `/rooms/${encodeURIComponent(this.#roomId)}/speakers`).catch(() => null);
    /** @type {string[]} */
    const order = answer?.items ?? [];
    this.#missing.clear();
    if (order.length === this.#numbers.size) return;
    this.#numbers = new Map(order.map((id, number) => [id, number]));
    this.onChange();
  }

  /**
   * @param {Person} speaker
   * @returns {{shape: number, colour: number} | null} null while it is not known
   */
  lookOf(speaker) {
    const number = this.#numbers.get(speaker.id);
    return number === undefined ? null : lookOf(number);
  }

  /**
   * Mark an element as a speaker's: its colour, and the shape in the `.speaker-mark` within it.
   * @param {HTMLElement} element
   * @param {Person | null} speaker
   */
  draw(element, speaker) {
    const number = speaker ? this.#numbers.get(speaker.id) : undefined;
    const drawn = number === undefined ? "" : String(number);
    if ((element.dataset.mark ?? "") === drawn) return;
    element.dataset.mark = drawn;
    const place = element.querySelector(".speaker-mark");
    if (number === undefined) {
      delete element.dataset.colour;
      place?.replaceChildren();
      return;
    }
    const { shape, colour } = lookOf(number);
    element.dataset.colour = String(colour);
    place?.replaceChildren(shapeOf(shape));
  }

  /**
   * A name with its mark.
   * @param {Person} person
   */
  named(person) {
    const element = make("span", { class: "marked-name" }, markPlace(), make("bdi", { class: "speaker" }, person.name));
    this.draw(element, person);
    return element;
  }
}

/** Where a mark goes: before the name. */
export function markPlace() {
  return make("span", { class: "speaker-mark", "aria-hidden": "true" });
}
