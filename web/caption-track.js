/** @file The language that captions are read in, where a room offers another than is spoken. */

import { byId, make, setText } from "./dom.js";
import { strings } from "./strings.js";

/** @typedef {import("./style-keeper.js").StyleKeeper} StyleKeeper */

const NAMES = new Intl.DisplayNames(["en"], { type: "language" });

/**
 * @param {string} language a tag, or empty when it is not known
 * @returns {string} its name for people
 */
export function languageName(language) {
  try {
    return language && language !== "auto" ? (NAMES.of(language) ?? language) : "";
  } catch {
    return language;
  }
}

/** A select that is there while there is something to choose; the choice is part of the style. */
export class TrackChoice {
  #keeper;
  #select = byId("track", HTMLSelectElement);
  /** @type {string[]} */
  #offered = [];
  #spoken = "";

  /** @param {StyleKeeper} keeper */
  constructor(keeper) {
    this.#keeper = keeper;
    this.#select.addEventListener("change", () => keeper.change({ track: this.#select.value }));
    keeper.onChange(() => this.#draw());
  }

  /** @returns {string} the track that the listener wants and the room has; empty is as spoken */
  get wanted() {
    const { track } = this.#keeper.style;
    return this.offers(track) ? track : "";
  }

  /** @param {string} track */
  offers(track) {
    return this.#offered.includes(track);
  }

  /**
   * Learn what a room offers.
   * @param {string[]} tracks
   * @param {string} spoken the language that is spoken, empty while it is not known
   */
  offeredAre(tracks, spoken) {
    if (this.#offered.join() === tracks.join() && this.#spoken === spoken) return;
    [this.#offered, this.#spoken] = [tracks, spoken];
    const options = ["", ...tracks].map((track) => make("option", { value: track }, this.name(track)));
    this.#select.replaceChildren(...options);
    this.#draw();
  }

  /**
   * What a track is called.
   * @param {string} track
   */
  name(track) {
    const { captions } = strings;
    if (track) return captions.translated(languageName(track));
    return captions.asSpoken(languageName(this.#spoken));
  }

  #draw() {
    byId("track-choice").hidden = this.#offered.length === 0;
    this.#select.value = this.wanted;
  }
}

/**
 * Point the transcript's links at a track.
 * @param {string} roomId
 * @param {string} track
 */
export function linkTranscripts(roomId, track) {
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (
    document.querySelectorAll("[data-transcript]")
  );
  for (const link of links) {
    const format = link.dataset.transcript ?? "";
    const query = new URLSearchParams({ format, download: "1", ...(track ? { track } : {}) });
    link.href = `/v1/rooms/${roomId}/transcript?${query}`;
    const what = track ? `${format}, ${languageName(track)}` : format;
    setText(link, strings.recordings.transcriptAs(what));
  }
}
