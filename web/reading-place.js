/**
 * @file Where the reader was in a room: kept in this browser, and on the server for who is signed in.
 * A place from an earlier visit stays until it was visited, or until its reader has read on for a while.
 */

import { byId } from "./dom.js";
import { api, authorization, request, token } from "./http.js";
import { strings } from "./strings.js";

/** @typedef {{seq: number, track: string}} Place */

/** Who left a place unvisited and has read this long since has a new place. */
const LINGER_MS = 30_000;

/** The rules of one visit. Pure: the time is given. */
export class Visit {
  /** @type {Place | null} */
  place = null;
  /** Whether the place is from an earlier visit and has not been in view yet. */
  unvisited = false;
  /** Whether the reader has marked it: then it stays until they have gone there or mark another. */
  #pinned = false;
  #sinceMs;

  /** @param {number} nowMs */
  constructor(nowMs) {
    this.#sinceMs = nowMs;
  }

  /** @param {Place} place from an earlier visit, or from another device */
  found(place) {
    this.place = place;
    this.unvisited = true;
  }

  visited() {
    this.unvisited = false;
  }

  /**
   * The reader stopped following, or leaves the page.
   * @param {Place} place
   * @param {{leaving: boolean, nowMs: number}} how
   * @returns {boolean} whether this is the reader's place now
   */
  stopped(place, { leaving, nowMs }) {
    const lingered = leaving && nowMs - this.#sinceMs >= LINGER_MS;
    if (!place.seq || this.#pinned || (this.unvisited && !lingered)) return false;
    return this.#set(place);
  }

  /**
   * The reader says that this is their place.
   * @param {Place} place
   * @returns {boolean} whether it is another one than before
   */
  marked(place) {
    this.#pinned = true;
    return this.#set(place);
  }

  /** The reader went there. */
  reached() {
    this.unvisited = false;
    this.#pinned = false;
  }

  /** @param {Place} place */
  #set(place) {
    const same = this.place?.seq === place.seq && this.place.track === place.track;
    this.place = place;
    this.unvisited = false;
    return !same;
  }
}

/** Keeps one room's place between visits. */
export class PlaceKeeper {
  #roomId;

  /** @param {string} roomId */
  constructor(roomId) {
    this.#roomId = roomId;
  }

  /** @returns {Promise<Place | null>} */
  async read() {
    if (!token()) return this.#local();
    const answer = await api("GET", this.#path).catch(() => null);
    return answer ? (checked(answer.place) ?? this.#local()) : this.#local();
  }

  /** @param {Place} place */
  keep(place) {
    localStorage.setItem(this.#key, JSON.stringify(place));
    if (!token()) return;
    // It is often the page's last word: the browser sends it after the page is gone.
    const headers = { ...authorization(), "Content-Type": "application/json" };
    const init = { method: "PUT", headers, body: JSON.stringify(place), keepalive: true };
    void request(`/v1${this.#path}`, init).catch(() => null);
  }

  /** @returns {Place | null} */
  #local() {
    try {
      return checked(JSON.parse(localStorage.getItem(this.#key) ?? "null"));
    } catch {
      return null;
    }
  }

  get #path() {
    return `/rooms/${encodeURIComponent(this.#roomId)}/reading-place`;
  }

  get #key() {
    return `roomscribe.place.${this.#roomId}`;
  }
}

/**
 * @param {any} value
 * @returns {Place | null}
 */
function checked(value) {
  if (!Number.isInteger(value?.seq) || value.seq < 1) return null;
  return { seq: value.seq, track: typeof value.track === "string" ? value.track : "" };
}

/** The reader's place on the page: the line in the history, and the button that leads there. */
export class ReadingPlace {
  #visit = new Visit(performance.now());
  #keeper;
  /** @type {import("./caption-panel.js").CaptionPanel} */
  #panel;
  /** @type {(text: string) => void} */
  #say;
  #button = byId("to-place", HTMLButtonElement);
  /** Whether the reader is being led to their place: stopping for that makes no other one. */
  #going = false;

  /**
   * @param {string} roomId
   * @param {import("./caption-panel.js").CaptionPanel} panel
   * @param {(text: string) => void} say
   */
  constructor(roomId, panel, say) {
    this.#keeper = new PlaceKeeper(roomId);
    this.#panel = panel;
    this.#say = say;
    this.#button.addEventListener("click", () => this.go());
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#leave();
    });
    byId("captions").addEventListener("scroll", () => this.draw(), { passive: true });
  }

  /** Look for a place from an earlier visit; one that was set meanwhile is newer. */
  async find() {
    const place = await this.#keeper.read();
    if (!place || (this.#visit.place && !this.#visit.unvisited)) return;
    this.#visit.found(place);
    this.draw();
  }

  /** Show the place as it is now; to be called when the track or the view have changed. */
  draw() {
    const seq = this.#seq;
    this.#panel.mark(seq);
    if (this.#visit.unvisited && this.#panel.markInView) this.#visit.visited();
    const wasHidden = this.#button.hidden;
    this.#button.hidden = !this.#visit.unvisited || seq === 0 || seq >= this.#panel.newestSeq;
    if (wasHidden && !this.#button.hidden) this.#say(strings.goTo.since);
  }

  /** Go to the place. */
  go() {
    if (!this.#seq) {
      this.#say(strings.goTo.noPlace);
      return;
    }
    this.#panel.focus();
    this.#going = true;
    this.#panel.toEntry(this.#seq);
    this.#going = false;
    this.#visit.reached();
    this.draw();
  }

  /** The reader marks what is in view as their place. */
  markHere() {
    const place = this.#here(this.#panel.seenSeq);
    if (!place.seq) return;
    if (this.#visit.marked(place)) this.#keeper.keep(place);
    this.draw();
    this.#say(strings.goTo.marked);
  }

  /**
   * The reader stopped following live captions.
   * @param {number} seq the last entry that was shown
   */
  stopped(seq) {
    if (this.#going) return;
    const place = this.#here(seq);
    if (this.#visit.stopped(place, { leaving: false, nowMs: performance.now() })) {
      this.#keeper.keep(place);
    }
  }

  #leave() {
    const place = this.#here(this.#panel.seenSeq);
    if (!this.#visit.stopped(place, { leaving: true, nowMs: performance.now() })) return;
    this.#keeper.keep(place);
    this.draw();
  }

  /** @param {number} seq */
  #here(seq) {
    return { seq, track: this.#panel.track };
  }

  /** The place in the track that is read, 0 when there is none. */
  get #seq() {
    const { place } = this.#visit;
    return place && place.track === this.#panel.track ? place.seq : 0;
  }
}
