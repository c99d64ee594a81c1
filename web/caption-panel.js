/** @file The captions panel: it joins what is known, where the reader is, and what they see. */

import { CaptionStore } from "./caption-store.js";
import { Destination } from "./destination.js";
import { HeldEntries, MOST_KEPT, WORTH_IT, keptAround } from "./entries-kept.js";
import { HistoryLoader } from "./history-loader.js";
import { ReaderView } from "./reader-view.js";
import { ReadingState } from "./reading-state.js";

/**
 * @typedef {import("./captions-client.js").CaptionsClient} CaptionsClient
 * @typedef {import("./captions-client.js").ResumeMode} ResumeMode
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {import("./types.js").EntryMessage} EntryMessage
 *
 * @typedef {object} PanelParts
 * @property {HTMLElement} region what scrolls
 * @property {HTMLElement} list where turns go
 * @property {() => void} onChange the reading state or a count may have changed
 * @property {(entry: Entry) => void} onFinal a new entry goes on the page
 * @property {(seq: number) => void} [onStop] the reader stopped following after this entry
 * @property {(found: boolean) => void} [onArrive] what was gone to is in view, or does not exist
 * @property {Partial<import("./caption-blocks.js").Drawing>} [drawing] words that are marked, and speakers
 */

/** Unloaded captions are fetched before the reader comes to them, this many views ahead. */
const FETCH_AHEAD_VIEWS = 2;

/** What the listener reads. */
export class CaptionPanel {
  store = new CaptionStore();
  reading = new ReadingState();
  /** The language that is read, empty when it is what is said. */
  track = "";
  #parts;
  #view;
  loader = new HistoryLoader();
  /** @type {CaptionsClient | null} */
  #client = null;
  /** The entry that is read beside the panel, 0 for none. */
  fingersSeq = 0;
  /** The track's first entry, 0 while the server has told none. */
  firstSeq = 0;
  /** Whether nothing of the track is here yet. */
  #isFresh = false;
  /** The newest entry that the server has spoken of. */
  #knownSeq = 0;
  /** @type {import("./caption-store.js").Caption[]} what was being said when the view froze */
  #frozenInterims = [];
  #held = new HeldEntries();
  /** When the store has become this large, what is far from the reader is let go. */
  #roomFor = MOST_KEPT;
  /** How fast the reader last caught up, in words per minute. */
  #wpm = 0;
  #target = new Destination(this.loader);
  /** The last entry that the reader has read, where that is marked. */
  #mark = 0;

  /** @param {PanelParts} parts */
  constructor(parts) {
    this.#parts = parts;
    const { region, list, drawing = {} } = parts;
    const [shown, onDrawn] = [() => this.#shown, () => this.#drawn()];
    const onMove = (/** @type {{up: boolean, atEnd: boolean}} */ move) => this.#moved(move);
    this.#view = new ReaderView({ region, list, drawing, shown, onMove, onDrawn });
  }

  /** @param {CaptionsClient} client */
  attach(client) {
    this.#client = client;
    this.loader.attach(client);
  }

  /** @returns {number} captions that came while the reader was paused or catching up */
  get waiting() {
    return this.#held.finals + this.reading.heldByServer;
  }

  /** @returns {number} where a new connection goes on */
  get latestSeq() {
    return Math.max(this.store.latestSeq, this.#held.latestSeq);
  }

  /** The newest entry that is known of, here or not. */
  get newestSeq() {
    return Math.max(this.#knownSeq, this.latestSeq);
  }

  /** Whether the first caption of the room is here. */
  get complete() {
    const { store } = this;
    return store.complete || (store.oldestSeq > 0 && store.oldestSeq <= this.firstSeq);
  }

  /** @returns {number} the last entry that the reader has before them */
  get seenSeq() {
    const { frozenSeq, following, paused } = this.reading;
    if (following) return this.store.latestSeq;
    return this.#view.lastSeen || (paused ? frozenSeq : this.store.latestSeq);
  }

  /** Whether the line at the reader's place is in view. */
  get markInView() {
    return this.#view.markInView;
  }

  /** What is drawn: captions can be highlighted in it, and a stopped reader led a little way. */
  get view() {
    return this.#view;
  }

  /** Entries and holes that may be on the page, in order. */
  get rows() {
    return this.#shown.rows();
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
    this.loader.reset();
    this.store.clearInterims();
    if (!this.reading.paused) this.#view.spoke();
  }

  /** @param {"button" | "scroll"} by */
  pause(by) {
    this.#paused(this.reading.pause(this.#shownSeq, by));
    this.#parts.onChange();
  }

  /**
   * @param {ResumeMode} mode
   * @param {number} [wpm]
   */
  resume(mode, wpm) {
    this.#resumed(this.reading.resume(mode, this.latestSeq), wpm);
  }

  focus() {
    this.#parts.region.focus();
  }

  togglePause() {
    const { paused, mode } = this.reading;
    return paused || mode === "reading" ? this.resume("live") : this.pause("button");
  }

  /** Go to the very first caption. */
  toFirst() {
    this.#stop();
    this.#target.to(this.firstSeq || 1);
    this.#seek();
  }

  /**
   * Go to a time of the room; the server knows which caption that is.
   * @param {number} seconds
   * @param {number} [instance] by default the newest one with captions
   * @returns {boolean} false when there is no connection to ask on
   */
  toTime(seconds, instance) {
    this.#view.hold();
    return this.#target.toTime({ seconds, instance });
  }

  /**
   * Go to an entry, which may not be loaded yet.
   * @param {number} seq
   */
  toEntry(seq) {
    if (this.reading.paused && seq > this.reading.frozenSeq) this.resume("replay");
    this.#stop();
    this.#target.to(Math.min(Math.max(seq, this.firstSeq), this.newestSeq));
    this.#seek();
  }

  /**
   * Mark the reader's place with a line after an entry.
   * @param {number} seq 0 for none
   */
  mark(seq) {
    if (this.#mark === seq) return;
    this.#mark = seq;
    if (!this.#marksFrozen) this.#view.changed();
  }

  /** Draw marks anew: who draws them has changed their mind. */
  remark() {
    this.#view.changed();
  }

  /** Whether the view is frozen just where its reader stopped: a line there would move it. */
  get #marksFrozen() {
    return this.reading.paused && this.#mark === this.reading.frozenSeq;
  }

  /** The newest entry that is on the page or has its place there. */
  get #shownSeq() {
    return Math.max(this.store.latestSeq, this.reading.skippedTo);
  }

  /** Stop moving and following, as scrolling up does. */
  #stop() {
    this.#view.hold();
    if (this.reading.following) this.pause("scroll");
  }

  /** @param {ReturnType<ReadingState["pause"]>} request */
  #paused(request) {
    if (request?.type !== "pause") return;
    this.#frozenInterims = this.store.interims;
    this.#view.remember();
    this.#client?.pause();
    this.#parts.onStop?.(this.reading.frozenSeq);
  }

  /**
   * @param {ReturnType<ReadingState["resume"]>} request
   * @param {number} [wpm]
   */
  #resumed(request, wpm) {
    this.#target.forget();
    if (wpm) this.#wpm = wpm;
    if (request?.type === "resume") this.#client?.resume(request.mode, wpm);
    for (const message of this.#held.take()) this.store.add(message);
    this.#view.changed();
    if (this.reading.following) this.#view.goToEnd();
    this.#parts.onChange();
  }

  /** @param {import("./types.js").WelcomeMessage} welcome */
  #welcome({ track = "", seq, first_seq, engine }) {
    if (track !== this.track) this.#switch({ track, seq, first_seq });
    this.store.unsureBelow = engine?.unsure_below ?? 0;
    this.firstSeq = first_seq;
    this.loader.reset();
    this.#target.askAgain();
    this.store.clearInterims();
    this.reading.reconnected();
    this.#view.remember();
    this.#seek();
  }

  /**
   * Begin with another track, which has entries and numbers of its own.
   * @param {{track: string, seq: number, first_seq: number}} message
   */
  #switch({ track, seq, first_seq }) {
    this.track = track;
    const { unsureBelow } = this.store;
    this.store = new CaptionStore();
    this.store.unsureBelow = unsureBelow;
    this.loader.reset();
    [this.firstSeq, this.#knownSeq, this.#mark] = [first_seq, seq, 0];
    this.#frozenInterims = [];
    this.#target.forget();
    this.#held.clear();
    this.reading.switched(seq);
    this.#isFresh = true;
    this.#view.restart();
  }

  /** @param {import("./types.js").HistoryMessage} message */
  #history(message) {
    // What was asked for comes again when the reader goes on; what was not is sent once.
    if (!this.loader.busy) for (const item of message.items) if (this.#holds(item)) this.#held.hold(item);
    this.loader.reset();
    const items = message.items.filter((item) => !this.#holds(item));
    const change = this.store.addHistory({ ...message, items });
    if (change !== "none") this.#letGo();
    if (this.#isFresh) this.#view.restart();
    else if (change !== "none") this.#view.changed();
    this.#isFresh = false;
    this.reading.caughtUpTo(this.store.latestSeq);
    if (message.seq !== undefined && this.#target.isTime) this.#timeFound(message.seq);
    this.#seek();
  }

  /** @param {number} seq */
  #timeFound(seq) {
    this.#target.forget();
    if (seq) this.toEntry(seq);
    else this.#parts.onArrive?.(false);
  }

  /**
   * Whether an entry has to wait, because the view is frozen before it.
   * @param {EntryMessage} message
   */
  #holds(message) {
    return this.reading.paused && message.seq > this.reading.frozenSeq;
  }

  /** @param {EntryMessage} message */
  #entry(message) {
    if (this.#holds(message)) {
      this.#held.hold(message);
      return;
    }
    const isNext = message.seq <= this.#shownSeq + 1;
    const change = this.store.add(message);
    this.reading.caughtUpTo(this.store.latestSeq);
    if (change === "none") return;
    const last = this.store.entries.at(-1);
    if (change === "appended" && last && isNext) {
      this.#view.added(last);
      this.#parts.onFinal(last);
    } else if (change === "interims") this.#view.spoke();
    else this.#view.changed();
    this.#letGo();
    this.#seek();
  }

  /** @param {import("./types.js").PendingMessage} message */
  #pending(message) {
    const { skippedTo } = this.reading;
    this.reading.pending(message);
    if (this.reading.skippedTo !== skippedTo) this.#view.changed();
    this.#knownSeq = Math.max(this.#knownSeq, message.latest_seq);
  }

  /** @param {import("./types.js").Interim} interim */
  #interim(interim) {
    const change = this.store.setInterim(interim);
    if (change === "none" || this.reading.paused) return;
    if (change === "interims") {
      this.#view.spoke();
      return;
    }
    this.#view.changed();
    if (this.store.lastPassed) this.#parts.onFinal(this.store.lastPassed);
  }

  /** What may be on the page: while paused, nothing newer than the frozen view. */
  get #shown() {
    const { paused, frozenSeq, following } = this.reading;
    // What is sent one by one, or on its way, is no hole.
    const newest = paused ? frozenSeq : this.#shownSeq;
    return {
      rows: () => this.store.rows(this.firstSeq || 1, newest),
      interims: paused ? this.#frozenInterims : this.store.interims,
      mark: this.#marksFrozen ? 0 : this.#mark,
      following,
    };
  }

  /** Let go what is far from the reader, when there is much of it. */
  #letGo() {
    if (this.store.entries.length < this.#roomFor) return;
    this.store.release(keptAround(this.#view.drawn, this.store.latestSeq, this.fingersSeq));
    this.#roomFor = Math.max(MOST_KEPT, this.store.entries.length + WORTH_IT);
    this.#view.changed();
  }

  /** @param {{up: boolean, atEnd: boolean}} move */
  #moved(move) {
    if (move.up && !move.atEnd) this.#target.forget(); // at its end the view moves up when it shrinks
    const { mode } = this.reading;
    const request = this.reading.scrolled({ ...move, latestSeq: this.#shownSeq });
    this.#paused(request);
    if (request?.type === "resume") this.#resumed(request, request.mode === "catch-up" ? this.#wpm : undefined);
    if (this.reading.mode !== mode) this.#parts.onChange();
  }

  /** The page shows what it should: more may be needed around it. */
  #drawn() {
    const { reading, store } = this;
    if (reading.mode === "reading" && this.#view.atEnd && store.latestSeq >= this.newestSeq) {
      reading.reachedEnd();
      this.#parts.onChange();
    }
    if (this.loader.busy) return;
    const near = this.#view.holeNear(FETCH_AHEAD_VIEWS);
    if (near) this.loader.fill(near.hole, near.seq);
  }

  /** Go on to where the reader wants to be, as far as it is here. */
  #seek() {
    const entry = this.#target.reach(this.store);
    if (!entry) return;
    this.#view.show(entry.seq, entry === this.store.entries[0]);
    this.#parts.onArrive?.(true);
    this.#parts.onChange();
  }
}
