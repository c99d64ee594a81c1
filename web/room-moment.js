/**
 * @file The moment that a link to a room leads to: its captions while the room is live, and the
 * recording afterwards, where there is one.
 */

import { byId, setText } from "./dom.js";
import { api } from "./http.js";
import { isWithin, momentOf, partOf, rangeText, recordingLink, saidIn } from "./quote.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./caption-panel.js").CaptionPanel} CaptionPanel
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {import("./quote.js").Moment} Moment
 * @typedef {import("./types.js").Recording} Recording
 * @typedef {import("./types.js").WelcomeMessage} WelcomeMessage
 */

/** Leads there once, and says where the reader is. */
export class RoomMoment {
  #roomId;
  #panel;
  #say;
  #line = byId("moment");
  #wanted = momentOf(location.search);
  /** @type {"wanted" | "going" | "there" | "over"} */
  #state = this.#wanted === undefined ? "over" : "wanted";
  #live = false;
  #remark = "";

  /**
   * @param {string} roomId
   * @param {CaptionPanel} panel
   * @param {(text: string) => void} say
   */
  constructor(roomId, panel, say) {
    this.#roomId = roomId;
    this.#panel = panel;
    this.#say = say;
  }

  /** Whether the reader is being led there: that they stop for it is not their doing. */
  get going() {
    return this.#state === "going";
  }

  /** @param {WelcomeMessage} welcome */
  async welcomed({ live, instance }) {
    if (this.#state !== "wanted") return;
    const wanted = this.#wanted;
    if (!wanted) return this.#end(strings.moment.unreadable);
    const moment = { ...wanted, instance: wanted.instance || instance };
    if (moment.instance > instance || instance === 0) return this.#end(strings.moment.noSuch);
    this.#state = "going";
    this.#wanted = moment;
    this.#live = live && moment.instance === instance;
    if (!this.#live && (await this.#hasRecording(moment))) return;
    this.#go(moment);
  }

  /**
   * Lead on to the recording, when it is there.
   * @param {Moment} moment
   */
  async #hasRecording(moment) {
    const answer = await api("GET", `/rooms/${encodeURIComponent(this.#roomId)}/recordings`).catch(() => null);
    if (!answer) return false;
    /** @type {Recording[]} */
    const items = answer.items;
    const recording = partOf(items, moment);
    if (recording?.phase === "finished") {
      location.replace(recordingLink(recording, moment));
      return true;
    }
    this.#remark = recording ? strings.moment.beingFinished : strings.moment.noRecording;
    return false;
  }

  /** @param {Moment} moment */
  #go(moment) {
    const { instance, from } = moment;
    if (!this.#panel.toTime(from, instance)) this.#state = "wanted";
  }

  /** Another track is read: the moment is the same. */
  trackChanged() {
    if (!this.#wanted || (this.#state !== "going" && this.#state !== "there")) return;
    this.#state = "going";
    this.#panel.view.highlight("quoted", null);
    this.#go(this.#wanted);
  }

  /**
   * The panel has arrived somewhere.
   * @param {boolean} found
   * @returns {boolean} whether that was the moment
   */
  arrived(found) {
    const wanted = this.#wanted;
    if (this.#state !== "going" || !wanted) return false;
    const isOfIt = (/** @type {Entry} */ one) => one.instance === wanted.instance;
    const said = saidIn(this.#panel.store.entries.filter(isOfIt), wanted);
    const seqs = new Set(said.map(({ seq }) => seq));
    // A long quote goes on in captions that are loaded later.
    const isQuoted = (/** @type {Entry} */ one) => seqs.has(one.seq) || (isOfIt(one) && isWithin(one, wanted));
    this.#panel.view.highlight("quoted", isQuoted);
    const first = said.find(({ kind }) => kind === "caption") ?? said[0];
    this.#state = "there";
    if (found) this.#panel.pause("button"); // until the reader goes on: the end in view is no wish
    // The server names what ends after the time: that may be the caption before.
    if (first) this.#panel.toEntry(first.seq);
    this.#tell(found ? this.#textFor(said) : strings.moment.nothing(rangeText(wanted)));
    this.#panel.focus();
    return true;
  }

  /** The reading state may have changed: who follows live captions is not at the moment any more. */
  changed() {
    if (this.#state !== "there" || this.#panel.reading.mode !== "live") return;
    this.#state = "over";
    this.#line.hidden = true;
    this.#panel.view.highlight("quoted", null);
    history.replaceState(null, "", location.pathname);
  }

  /** @param {readonly Entry[]} said */
  #textFor(said) {
    const { moment, captions } = strings;
    const range = rangeText(/** @type {Moment} */ (this.#wanted));
    const names = said.map((one) => (one.kind === "caption" ? (one.speaker?.name ?? captions.unknownSpeaker) : ""));
    const who = [...new Set(names.filter(Boolean))].join(", ");
    if (who) return this.#live ? moment.live(who, range) : `${moment.over(who, range)} ${this.#remark}`;
    return `${said.length ? moment.gap(range) : moment.nothing(range)} ${this.#remark}`.trim();
  }

  /** @param {string} text why the link leads nowhere */
  #end(text) {
    this.#state = "over";
    this.#tell(text);
  }

  /** @param {string} text */
  #tell(text) {
    setText(this.#line, text);
    this.#line.hidden = false;
    this.#say(text);
  }
}
