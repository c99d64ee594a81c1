/** @file Who speaks at this moment: known at once, while captions come later. */

import { make } from "./dom.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Person} Person */

/** Who speaks now, in the order in which they began. */
export class Speaking {
  /** @type {Map<string, Person>} */
  #people = new Map();

  /** @returns {Person[]} */
  get people() {
    return [...this.#people.values()];
  }

  /** Nobody is known to speak; who does is told anew after each welcome. */
  clear() {
    this.#people.clear();
  }

  /**
   * @param {Person} person
   * @param {boolean} on
   */
  is(person, on) {
    if (on) this.#people.set(person.id, person);
    else this.#people.delete(person.id);
  }
}

/**
 * Say who speaks, each with their mark. What is the same already is left as it is.
 * @param {HTMLElement} place
 * @param {readonly Person[]} people
 * @param {import("./speaker-marks.js").SpeakerMarks} marks
 */
export function showSpeaking(place, people, marks) {
  const said = people.length ? strings.room.speakingNow : strings.room.silent;
  const known = [...place.querySelectorAll(".marked-name")];
  const same = known.length === people.length && known.every((one, i) => one.textContent === people[i]?.name);
  if (same && place.childNodes.length) {
    known.forEach((one, i) => marks.draw(/** @type {HTMLElement} */ (one), people[i] ?? null));
    return;
  }
  const names = people.flatMap((person, i) => [i ? ", " : " ", marks.named(person)]);
  place.replaceChildren(make("span", { class: "speaking-label" }, said), ...names);
  place.classList.toggle("active", people.length > 0);
}
