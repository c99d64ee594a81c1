/**
 * @file The captions panel: it joins the store, the reading state and the view.
 * The view is never moved except to follow live captions while the reader is at their end.
 */

import { CaptionStore } from "./caption-store.js";
import { CaptionView } from "./caption-view.js";
import { ReadingState } from "./reading-state.js";
import { ScrollKeeper } from "./scroll-keeper.js";

/**
 * @typedef {import("./captions-client.js").CaptionsClient} CaptionsClient
 * @typedef {import("./captions-client.js").ResumeMode} ResumeMode
 * @typedef {import("./caption-store.js").Entry} Entry
 *
 * @typedef {object} PanelParts
 * @property {HTMLElement} region what scrolls
 * @property {HTMLElement} list where turns go
 * @property {() => void} onChange the reading state or a count may have changed
 * @property {(entry: Entry) => void} onFinal a new entry is on the page
 */

const PAGE = 100;
const LARGEST_PAGE = 500;
/** Older captions are fetched before the reader comes to the top. */
const FETCH_AHEAD_PX = 600;

/** What the listener reads. */
export class CaptionPanel {
  store = new CaptionStore();
  reading = new ReadingState();
  loadingOlder = false;
  /** The language that is read, empty when it is what is said. */
  track = "";
  #parts;
  #view;
  #scroll;
  /** @type {CaptionsClient | null} */
  #client = null;
  #firstSeq = 0;
  #wantsFirst = false;
  /** Whether nothing of the track is here yet. */
  #isFresh = false;
  /** The newest entry that the server has spoken of. */
  #knownSeq = 0;
  /** @type {import("./caption-store.js").Caption[]} what was being said when the view froze */
  #frozenInterims = [];

  /** @param {PanelParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#view = new CaptionView(parts.list);
    this.#scroll = new ScrollKeeper(parts.region);
    parts.region.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#follow()).observe(parts.region);
    new ResizeObserver(() => this.#follow()).observe(parts.list);
  }

  /** @param {CaptionsClient} client */
  attach(client) {
    this.#client = client;
  }

  /** @returns {number} captions that came while the reader was paused or catching up */
  get waiting() {
    const here = this.reading.paused ? this.store.captionsAfter(this.reading.frozenSeq) : 0;
    return here + this.reading.heldByServer;
  }

  /** Whether the first caption of the room is on the page. */
  get complete() {
    const { store } = this;
    return store.complete || (store.oldestSeq > 0 && store.oldestSeq <= this.#firstSeq);
  }

  /** @param {import("./types.js").ServerMessage} message */
  receive(message) {
    if (message.type === "welcome") this.#welcome(message);
    else if (message.type === "track") this.#switch(message);
    else if (message.type === "history") this.#history(message);
    else if (message.type === "interim") this.#interim(message);
    else if (message.type === "pending") this.#pending(message);
    else if (message.type === "final" || message.type === "correction" || message.type === "gap") {
      this.#entry(message);
    } else return;
    this.#parts.onChange();
  }

  /** The connection is gone: what was being said will not be finished. */
  disconnected() {
    this.loadingOlder = false;
    this.store.clearInterims();
    if (!this.reading.paused) this.#view.drawInterims([]);
  }

  /** @param {"button" | "scroll"} by */
  pause(by) {
    this.#paused(this.reading.pause(this.store.latestSeq, by));
    this.#parts.onChange();
  }

  /**
   * @param {ResumeMode} mode
   * @param {number} [wpm]
   */
  resume(mode, wpm) {
    const request = this.reading.resume(mode);
    this.#resumed(request, wpm);
  }

  focus() {
    this.#parts.region.focus();
  }

  togglePause() {
    if (this.reading.paused) this.resume("live");
    else this.pause("button");
  }

  /** Go to the very first caption, fetching what is not here yet. */
  toFirst() {
    this.pause("scroll");
    this.#wantsFirst = !this.complete;
    this.#scroll.toStart();
    this.#fetchOlder(LARGEST_PAGE);
  }

  /** @param {ReturnType<ReadingState["pause"]>} request */
  #paused(request) {
    if (request?.type !== "pause") return;
    this.#frozenInterims = this.store.interims;
    this.#client?.pause();
  }

  /**
   * @param {ReturnType<ReadingState["resume"]>} request
   * @param {number} [wpm]
   */
  #resumed(request, wpm) {
    this.#wantsFirst = false;
    if (request?.type === "resume") this.#client?.resume(request.mode, wpm);
    this.#redraw();
    this.#fillHole();
    this.#parts.onChange();
  }

  /** @param {import("./types.js").WelcomeMessage} welcome */
  #welcome(welcome) {
    const { track = "", seq, first_seq } = welcome;
    if (track !== this.track) this.#switch({ track, seq, first_seq });
    this.#firstSeq = first_seq;
    this.loadingOlder = false;
    this.store.clearInterims();
    this.reading.reconnected();
  }

  /**
   * Begin with another track, which has entries and numbers of its own.
   * @param {{track: string, seq: number, first_seq: number}} message
   */
  #switch({ track, seq, first_seq }) {
    this.track = track;
    this.store = new CaptionStore();
    this.loadingOlder = false;
    [this.#firstSeq, this.#knownSeq, this.#wantsFirst] = [first_seq, 0, false];
    this.#frozenInterims = [];
    this.reading.switched(seq);
    this.#isFresh = true;
    this.#view.redraw([], []);
    this.#scroll.toEnd();
  }

  /** @param {import("./types.js").HistoryMessage} message */
  #history(message) {
    this.loadingOlder = false;
    const change = this.store.addHistory(message);
    if (change !== "none") this.#redraw();
    if (this.#isFresh) this.#scroll.toEnd();
    this.#isFresh = false;
    this.reading.caughtUpTo(this.store.latestSeq);
    this.#fillHole();
    this.#goOnToFirst();
  }

  /** @param {import("./types.js").EntryMessage} message */
  #entry(message) {
    const change = this.store.add(message);
    this.reading.caughtUpTo(this.store.latestSeq);
    if (change === "none" || this.reading.paused) return;
    const last = this.store.entries.at(-1);
    if (change === "appended" && last) {
      this.#view.append(last, this.store.interims);
      this.#follow();
      this.#parts.onFinal(last);
    } else this.#redraw();
    this.#fillHole();
  }

  /** @param {import("./types.js").PendingMessage} message */
  #pending(message) {
    this.reading.pending(message);
    this.#knownSeq = Math.max(this.#knownSeq, message.latest_seq);
  }

  /** @param {import("./types.js").Interim} interim */
  #interim(interim) {
    if (this.store.setInterim(interim) === "none" || this.reading.paused) return;
    this.#view.drawInterims(this.store.interims);
    this.#follow();
  }

  /** Draw all that may be shown; while paused that is nothing newer than the frozen view. */
  #redraw() {
    const { paused, frozenSeq } = this.reading;
    const entries = paused
      ? this.store.entries.filter((entry) => entry.seq <= frozenSeq)
      : this.store.entries;
    const interims = paused ? this.#frozenInterims : this.store.interims;
    this.#scroll.keepPlace(() => this.#view.redraw(entries, interims));
    this.#follow();
  }

  #follow() {
    if (this.reading.following) this.#scroll.toEnd();
    if (this.#scroll.fits) this.#fetchOlder(PAGE);
  }

  #scrolled() {
    const move = this.#scroll.moved();
    const request = this.reading.scrolled({ ...move, latestSeq: this.store.latestSeq });
    this.#paused(request);
    if (request?.type === "resume") this.#resumed(request);
    if (move.up && this.#scroll.nearStart(FETCH_AHEAD_PX)) this.#fetchOlder(PAGE);
    this.#parts.onChange();
  }

  /** @param {number} limit */
  #fetchOlder(limit) {
    const { oldestSeq } = this.store;
    if (this.loadingOlder || this.complete || !oldestSeq) return;
    this.loadingOlder = this.#client?.scrollback(oldestSeq, limit) ?? false;
  }

  #goOnToFirst() {
    if (!this.#wantsFirst) return;
    this.#scroll.toStart();
    if (this.complete) this.#wantsFirst = false;
    else this.#fetchOlder(LARGEST_PAGE);
  }

  /** After a jump to live, fetch what was skipped: it belongs above. */
  #fillHole() {
    const { hole, latestSeq } = this.store;
    const ahead = this.#knownSeq > latestSeq ? { from: latestSeq + 1, to: this.#knownSeq } : null;
    const skipped = ahead ?? hole;
    if (!skipped || this.loadingOlder || this.reading.mode !== "live") return;
    const limit = Math.min(LARGEST_PAGE, skipped.to - skipped.from + 1);
    this.loadingOlder = this.#client?.scrollback(skipped.to + 1, limit) ?? false;
  }
}
