/**
 * @file The captions panel: it joins the store, the reading state and the view, which is never moved
 * but to follow live captions while the reader is at their end, and to go where the reader asks.
 */

import { CaptionStore } from "./caption-store.js";
import { CaptionView } from "./caption-view.js";
import { HistoryLoader } from "./history-loader.js";
import { ReadingState } from "./reading-state.js";
import { ScrollKeeper } from "./scroll-keeper.js";

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
 * @property {(entry: Entry) => void} onFinal a new entry is on the page
 * @property {(seq: number) => void} [onStop] the reader stopped following after this entry
 * @property {(found: boolean) => void} [onArrive] what was gone to is in view, or does not exist
 * @property {readonly import("./caption-text.js").Marker[]} [markers] who marks words in captions
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
  #scroll;
  #loader = new HistoryLoader();
  /** @type {CaptionsClient | null} */
  #client = null;
  #firstSeq = 0;
  /** Whether nothing of the track is here yet. */
  #isFresh = false;
  /** The newest entry that the server has spoken of. */
  #knownSeq = 0;
  /** @type {import("./caption-store.js").Caption[]} what was being said when the view froze */
  #frozenInterims = [];
  /** @type {EntryMessage[]} what came while the view was frozen, as after a lost connection */
  #held = [];
  /** The entry to go to, once it is here; -1 while its time is looked up. */
  #target = 0;
  /** The entry that was asked for last: one that does not come is not asked for again. */
  #sought = 0;
  /** The last entry that the reader has read, where that is marked. */
  #mark = 0;
  #looks = "";

  /** @param {PanelParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#view = new CaptionView(parts.list, parts.markers);
    this.#scroll = new ScrollKeeper(parts.region, this.#view);
    parts.region.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(parts.region);
    new ResizeObserver(() => this.#resized()).observe(parts.list);
  }

  /** @param {CaptionsClient} client */
  attach(client) {
    this.#client = client;
    this.#loader.attach(client);
  }

  /** @returns {number} captions that came while the reader was paused or catching up */
  get waiting() {
    return this.#held.filter(({ type }) => type === "final").length + this.reading.heldByServer;
  }

  /** @returns {number} where a new connection goes on */
  get latestSeq() {
    return Math.max(this.store.latestSeq, this.#held.at(-1)?.seq ?? 0);
  }

  /** The newest entry that is known of, here or not. */
  get newestSeq() {
    return Math.max(this.#knownSeq, this.latestSeq);
  }

  /** Whether the first caption of the room is here. */
  get complete() {
    const { store } = this;
    return store.complete || (store.oldestSeq > 0 && store.oldestSeq <= this.#firstSeq);
  }

  /** @returns {number} the last entry that the reader has before them */
  get seenSeq() {
    const { frozenSeq, following, paused } = this.reading;
    if (following) return this.store.latestSeq;
    const seen = Number(this.#scroll.lastSeen?.dataset.seq);
    return seen || (paused ? frozenSeq : this.store.latestSeq);
  }

  /** Whether the line at the reader's place is in view. */
  get markInView() {
    const line = this.#parts.list.querySelector(".place")?.getBoundingClientRect();
    const view = this.#parts.region.getBoundingClientRect();
    return Boolean(line && line.bottom > view.top && line.top < view.bottom);
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
    this.#loader.reset();
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
    this.#resumed(this.reading.resume(mode, this.latestSeq), wpm);
  }

  focus() {
    this.#parts.region.focus();
  }

  togglePause() {
    return this.reading.paused ? this.resume("live") : this.pause("button");
  }

  /** Go to the very first caption. */
  toFirst() {
    this.#stop();
    this.#target = this.#firstSeq || 1;
    this.#seek();
  }

  /**
   * Go to a time of the room; the server knows which caption that is.
   * @param {number} seconds
   * @returns {boolean} false when there is no connection to ask on
   */
  toTime(seconds) {
    if (!this.#loader.findTime(seconds)) return false;
    this.#target = -1;
    return true;
  }

  /**
   * Go to an entry, which may not be loaded yet.
   * @param {number} seq
   */
  toEntry(seq) {
    if (this.reading.paused && seq > this.reading.frozenSeq) this.resume("replay");
    this.#stop();
    this.#target = Math.min(Math.max(seq, this.#firstSeq), this.newestSeq);
    this.#seek();
  }

  /**
   * Mark the reader's place with a line after an entry.
   * @param {number} seq 0 for none
   */
  mark(seq) {
    if (this.#mark === seq) return;
    this.#mark = seq;
    if (!this.#marksFrozen) this.#redraw();
  }

  /** Mark words anew: the markers have changed their minds. */
  remark() {
    this.#redraw();
  }

  /** Whether the view is frozen just where its reader stopped: a line there would move it. */
  get #marksFrozen() {
    return this.reading.paused && this.#mark === this.reading.frozenSeq;
  }

  /** Stop following, as scrolling up does. */
  #stop() {
    if (this.reading.following) this.pause("scroll");
  }

  /** @param {ReturnType<ReadingState["pause"]>} request */
  #paused(request) {
    if (request?.type !== "pause") return;
    this.#frozenInterims = this.store.interims;
    this.#client?.pause();
    this.#parts.onStop?.(this.reading.frozenSeq);
  }

  /**
   * @param {ReturnType<ReadingState["resume"]>} request
   * @param {number} [wpm]
   */
  #resumed(request, wpm) {
    [this.#target, this.#sought] = [0, 0];
    if (request?.type === "resume") this.#client?.resume(request.mode, wpm);
    for (const message of this.#held.splice(0)) this.store.add(message);
    this.#redraw();
    this.#parts.onChange();
  }

  /** @param {import("./types.js").WelcomeMessage} welcome */
  #welcome({ track = "", seq, first_seq }) {
    if (track !== this.track) this.#switch({ track, seq, first_seq });
    [this.#firstSeq, this.#sought] = [first_seq, 0]; // a question of before is not answered
    this.#loader.reset();
    this.store.clearInterims();
    this.reading.reconnected();
    this.#seek();
  }

  /**
   * Begin with another track, which has entries and numbers of its own.
   * @param {{track: string, seq: number, first_seq: number}} message
   */
  #switch({ track, seq, first_seq }) {
    this.track = track;
    this.store = new CaptionStore();
    this.#loader.reset();
    [this.#firstSeq, this.#knownSeq, this.#mark] = [first_seq, seq, 0];
    [this.#frozenInterims, this.#held, this.#target, this.#sought] = [[], [], 0, 0];
    this.reading.switched(seq);
    this.#isFresh = true;
    this.#view.redraw([], [], { mark: 0 });
    this.#scroll.toEnd();
  }

  /** @param {import("./types.js").HistoryMessage} message */
  #history(message) {
    // What was asked for comes again when the reader goes on; what was not is sent once.
    if (!this.#loader.busy) this.#held.push(...message.items.filter((item) => this.#holds(item)));
    this.#loader.reset();
    const items = message.items.filter((item) => !this.#holds(item));
    const change = this.store.addHistory({ ...message, items });
    if (change !== "none" || this.#isFresh) this.#redraw();
    if (this.#isFresh) this.#scroll.toEnd();
    this.#isFresh = false;
    this.reading.caughtUpTo(this.store.latestSeq);
    if (message.seq !== undefined && this.#target < 0) this.#timeFound(message.seq);
    this.#seek();
    if (change !== "none") this.#fetch();
  }

  /** @param {number} seq */
  #timeFound(seq) {
    this.#target = 0;
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
      if (message.seq > this.latestSeq) this.#held.push(message);
      return;
    }
    const isNext = message.seq <= this.newestSeq + 1;
    const change = this.store.add(message);
    this.reading.caughtUpTo(this.store.latestSeq);
    if (change === "none") return;
    const last = this.store.entries.at(-1);
    if (change === "appended" && last && isNext) {
      this.#view.append(last, this.store.interims);
      this.#follow();
      this.#parts.onFinal(last);
    } else this.#redraw();
    this.#seek();
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
    const { paused, frozenSeq, mode } = this.reading;
    // What is sent one by one, or on its way, is no hole.
    const newest = mode === "live" ? this.newestSeq : this.store.latestSeq;
    const rows = this.store.rows(this.#firstSeq || 1, paused ? frozenSeq : newest);
    const interims = paused ? this.#frozenInterims : this.store.interims;
    this.#view.viewPx = this.#parts.region.clientHeight;
    const px = this.#view.topPx;
    const near = (/** @type {string} */ key) => (key ? { key } : { px });
    this.#scroll.keepPlace((key) => {
      const around = this.reading.following ? {} : near(key);
      this.#view.redraw(rows, interims, { mark: this.#marksFrozen ? 0 : this.#mark, around });
    });
    this.#follow();
  }

  #follow() {
    if (this.reading.following) {
      if (this.#view.full) this.#view.show({});
      this.#scroll.toEnd();
    }
    this.#fetch();
  }

  #scrolled() {
    const move = this.#scroll.moved();
    if (move.up) [this.#target, this.#sought] = [0, 0];
    const { mode } = this.reading;
    const request = this.reading.scrolled({ ...move, latestSeq: this.store.latestSeq });
    this.#paused(request);
    if (request?.type === "resume") this.#resumed(request);
    this.#drawMore();
    this.#fetch();
    if (this.reading.mode !== mode) this.#parts.onChange();
  }

  #drawMore() {
    this.#view.viewPx = this.#parts.region.clientHeight;
    if (!this.#view.wantsMore) return;
    const px = this.#view.topPx;
    this.#scroll.keepPlace(() => this.#view.show({ px }));
  }

  /** The panel, its looks or its content have changed their size. */
  #resized() {
    this.#view.viewPx = this.#parts.region.clientHeight;
    const { looks } = this.#view;
    if (looks !== this.#looks) {
      this.#looks = looks;
      this.#view.restyled();
      if (!this.reading.following) this.#scroll.recall();
      this.#drawMore();
    }
    this.#follow();
  }

  /** Go on to where the reader wants to be, as far as it is here. */
  #seek() {
    if (this.#target <= 0) return;
    const entry = this.store.has(this.#target) ? this.store.entryAt(this.#target) : undefined;
    if (!entry) {
      if (this.#sought === this.#target) [this.#target, this.#sought] = [0, 0];
      else if (this.#loader.around(this.#target)) this.#sought = this.#target;
      return;
    }
    [this.#target, this.#sought] = [0, 0];
    this.#view.settle();
    this.#view.show({ seq: entry.seq });
    const shown = this.#parts.list.querySelector(`[data-seq="${entry.seq}"]`);
    if (entry === this.store.entries[0]) this.#scroll.toStart();
    else if (shown) this.#scroll.toElement(shown);
    this.#drawMore();
    this.#parts.onArrive?.(true);
    this.#parts.onChange();
  }

  #fetch() {
    if (this.#loader.busy) return;
    const near = this.#view.holeNear(FETCH_AHEAD_VIEWS * this.#parts.region.clientHeight);
    if (near) this.#loader.fill(near.hole, near.seq);
  }
}
