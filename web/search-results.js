/** @file What was found, by room: drawn anew with every answer, so that what is the same stays where it is. */

import { nodesOf } from "./caption-text.js";
import { byId, make, reconcile, setText } from "./dom.js";
import { factsOf, hitElement, updateHit } from "./search-hit.js";
import { keyOf, withMoreOf, withPage } from "./search-growing.js";
import { textMarks } from "./search-marks.js";
import { SpeakerMarks } from "./speaker-marks.js";
import { strings } from "./strings.js";
import { dateText } from "./times.js";

/**
 * @typedef {import("./search-types.js").FoundRoom} FoundRoom
 * @typedef {import("./search-types.js").Hit} Hit
 *
 * @typedef {object} ResultParts
 * @property {(hit: Hit, found: FoundRoom, element: HTMLElement) => void} onPlay
 * @property {(roomId: string, cursor: string) => Promise<import("./search-types.js").Answer>} fetchRoom more of what is
 *   found in one room
 * @property {(text: string) => void} say
 */

/** The list of rooms with their hits. */
export class SearchResults {
  #parts;
  #list = byId("results");
  /** @type {FoundRoom[]} */
  #rooms = [];
  /** @type {Map<string, SpeakerMarks>} each room has its own order of speakers */
  #marks = new Map();
  /** @type {Map<string, string>} where more of a room begins that was asked for already */
  #cursors = new Map();
  #speakers = "names";

  /** @param {ResultParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  get count() {
    return this.#rooms.length;
  }

  /** The elements of what was found, in their order. */
  get hits() {
    return [...this.#list.querySelectorAll(".hit")];
  }

  /** @param {readonly FoundRoom[]} rooms */
  show(rooms) {
    const hadFocus = this.#list.contains(document.activeElement);
    this.#rooms = [...rooms];
    this.#cursors.clear();
    this.#draw();
    if (hadFocus && !this.#list.contains(document.activeElement)) byId("q").focus({ preventScroll: true });
  }

  /**
   * Show another page of them; a room may go on from the page before.
   * @param {readonly FoundRoom[]} rooms
   */
  add(rooms) {
    this.#rooms = withPage(this.#rooms, rooms);
    this.#draw();
  }

  /** @param {string} style how the listener tells speakers apart */
  styleIs(style) {
    this.#speakers = style;
    for (const marks of this.#marks.values()) marks.styleIs(style);
  }

  /** @param {string} roomId */
  marksOf(roomId) {
    const known = this.#marks.get(roomId);
    if (known) return known;
    const marks = new SpeakerMarks(roomId);
    marks.styleIs(this.#speakers);
    marks.onChange = () => this.#draw();
    this.#marks.set(roomId, marks);
    return marks;
  }

  #draw() {
    const heard = document.querySelector("audio");
    const playing = heard && !heard.paused;
    reconcile(this.#list, this.#rooms, {
      key: keyOf,
      create: () => roomElement(),
      update: (element, found) => this.#update(element, found),
    });
    // Where it was moved to another place it has stopped.
    if (playing && heard.isConnected && heard.paused) void heard.play().catch(() => {});
  }

  /**
   * @param {HTMLElement} element
   * @param {FoundRoom} found
   */
  #update(element, found) {
    drawHead(element, found);
    const marks = this.marksOf(found.room.id);
    reconcile(/** @type {HTMLElement} */ (element.querySelector(".hits")), found.hits, {
      // What can be done with it is made once: another recording of it is another element.
      key: ({ caption, recording }) => `${caption} ${recording ?? found.room.state}`,
      create: (hit) => hitElement(hit, { found, marks, onPlay: this.#parts.onPlay }),
      update: (one, hit) => updateHit(one, hit, { found, marks }),
    });
    this.#drawMore(element, found);
  }

  /**
   * @param {HTMLElement} element
   * @param {FoundRoom} found
   */
  #drawMore(element, found) {
    const button = /** @type {HTMLButtonElement} */ (element.querySelector(".more-hits"));
    setText(/** @type {HTMLElement} */ (element.querySelector(".error")), "");
    button.hidden = found.more === 0;
    setText(button, strings.finding.more(found.more));
    button.setAttribute("aria-label", strings.finding.moreOf(found.more, found.room.title));
    button.onclick = () => void this.#expand(element, found);
  }

  /**
   * Show more of what was found in a room; the first new one has the focus then.
   * @param {HTMLElement} element
   * @param {FoundRoom} found
   */
  async #expand(element, found) {
    const button = /** @type {HTMLButtonElement} */ (element.querySelector(".more-hits"));
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      const { id } = found.room;
      const answer = await this.#parts.fetchRoom(id, this.#cursors.get(id) ?? "");
      if (!this.#rooms.includes(found)) return; // something else is shown by now
      const hadFocus = button === document.activeElement;
      const before = new Set(this.hits);
      this.#rooms = withMoreOf(this.#rooms, id, { rooms: answer.rooms, goesOn: Boolean(answer.cursor) });
      this.#cursors.set(id, answer.cursor ?? "");
      this.#draw();
      const fresh = this.hits.filter((one) => !before.has(one));
      if (hadFocus) /** @type {HTMLElement | null | undefined} */ (fresh[0]?.querySelector(".handle"))?.focus();
      this.#parts.say(strings.finding.added(fresh.length));
    } catch {
      setText(/** @type {HTMLElement} */ (element.querySelector(".error")), strings.finding.moreGone);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }
}

function roomElement() {
  return make(
    "li",
    { class: "card found-room" },
    make("div", { class: "found-head" }, make("h3", { dir: "auto" }, make("a", { class: "room-link" })), make("span", { class: "chip" })),
    make("p", { class: "facts" }),
    make("ol", { class: "hits" }),
    make("button", { type: "button", class: "button more-hits", hidden: true }),
    make("p", { class: "error", role: "alert" }),
  );
}

/**
 * @param {HTMLElement} element
 * @param {FoundRoom} found
 */
function drawHead(element, found) {
  const { room, recording, title_marks: marks } = found;
  const drawn = JSON.stringify([room, recording, marks, found.track]);
  if (element.dataset.drawn === drawn) return;
  element.dataset.drawn = drawn;
  const [link, chip, facts] = /** @type {[HTMLAnchorElement, HTMLElement, HTMLElement]} */ (
    /** @type {unknown} */ (["h3 a", ".chip", ".facts"].map((name) => element.querySelector(name)))
  );
  const isLive = room.state === "live";
  link.href = recording && !isLive ? `/recordings/${encodeURIComponent(recording)}` : `/rooms/${encodeURIComponent(room.id)}`;
  link.replaceChildren(make("bdi", {}, ...nodesOf(room.title, textMarks(room.title, marks))));
  chip.dataset.state = room.state;
  chip.hidden = !isLive;
  chip.replaceChildren(make("span", { "aria-hidden": "true" }, "▶ "), strings.room.state.live);
  facts.replaceChildren(...factsOf(found, dateText(room.started_at)));
}
