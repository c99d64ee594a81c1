/** @file A recording's transcript on the page: drawn near its reader, followed along, walked by word. */

import { byId, setText } from "./dom.js";
import { FollowAlong } from "./follow-along.js";
import { momentOf, rangeText, saidIn } from "./quote.js";
import { QuoteMode } from "./quote-mode.js";
import { ReaderView } from "./reader-view.js";
import { soundLost } from "./recording-links.js";
import { recordingQuotes } from "./recording-quotes.js";
import { SearchBar } from "./search-bar.js";
import { strings } from "./strings.js";
import { clock } from "./times.js";
import { wordWriter } from "./transcript-text.js";
import { Transcript } from "./transcript.js";
import { WordCursor, placeOf } from "./word-cursor.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./types.js").Recording} Recording
 *
 * @typedef {object} Parts
 * @property {import("./speaker-marks.js").SpeakerMarks} speakers
 * @property {(text: string) => void} say
 * @property {(time: number) => void} seek
 * @property {(time: number) => void} play
 * @property {import("./caption-text.js").Marker} cuts marks what is cut
 */

/** What was said, and where the reader is in it. */
export class RecordingTranscript {
  /** @type {Recording | null} */
  #recording = null;
  #transcript = new Transcript({}, { instance: 0, losses: [] });
  #parts;
  #region = byId("captions");
  #view;
  #cursor;
  #follow;
  search;
  quotes;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    const [region, list, transcript] = [this.#region, byId("turns"), () => this.#transcript];
    this.search = new SearchBar({
      ...{ transcript, view: () => this.#view, focusBefore: () => this.#focusBefore() },
      onFound: (part) => this.#found(part),
    });
    this.#view = new ReaderView({
      ...{ region, list },
      drawing: { speakers: parts.speakers, markers: [this.search.marks, parts.cuts], write: wordWriter((one) => this.#transcript.wordsOf(one)) },
      shown: () => ({ rows: () => [...this.#transcript.entries], interims: [], mark: 0, following: false }),
      onMove: ({ byHand }) => byHand && this.#moved(),
      onDrawn: () => this.#drawn(),
    });
    const view = this.#view;
    this.quotes = new QuoteMode(
      recordingQuotes({ region, transcript, view, recording: () => this.#recording, here: () => this.#here }),
      parts.say,
    );
    const held = () => this.quotes.active;
    const onMove = () => this.#follow.leave();
    this.#cursor = new WordCursor({ region, list, transcript, view, idle: held, onMove, onPlay: (time) => this.playFrom(time) });
    const onCaption = (/** @type {import("./word-cursor.js").Place} */ place) => this.#cursor.wait(place);
    this.#follow = new FollowAlong({ region, list, transcript, view, held, onCaption, onChange: () => this.#followChanged() });
    this.#followChanged();
    byId("follow").addEventListener("change", () => this.#follow.use(byId("follow", HTMLInputElement).checked));
    byId("to-heard").addEventListener("click", () => this.toHeard());
  }

  get shown() {
    return this.#transcript;
  }

  get region() {
    return this.#region;
  }

  /** When the word is said that the reader stands at; null without words. */
  get chosenWord() {
    const { seq, at } = this.#cursor.place;
    const caption = this.#transcript.captionOf(seq);
    return (caption && this.#transcript.wordsOf(caption)[at]) ?? null;
  }

  /** When the words are said that are selected as text; null when none are. */
  get selected() {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !this.#region.contains(selection.anchorNode)) return null;
    const range = selection.getRangeAt(0);
    const words = [...this.#region.querySelectorAll(".word")].filter((one) => range.intersectsNode(one)).map(placeOf);
    const times = words.flatMap(({ seq, at }) => {
      const caption = this.#transcript.captionOf(seq);
      return (caption && this.#transcript.wordsOf(caption)[at]) ?? [];
    });
    if (!times.length) return null;
    return { start: Math.min(...times.map(({ start }) => start)), end: Math.max(...times.map(({ end }) => end)) };
  }

  /**
   * @param {import("./transcript.js").TranscriptJson} json
   * @param {Recording} recording
   */
  show(json, recording) {
    const { focused } = this.#cursor;
    const before = focused && this.#transcript.captionOf(focused.seq);
    this.#recording = recording;
    this.#transcript = new Transcript(json, { ...recording, losses: soundLost(recording) });
    this.search.reset();
    const { place } = this.#view;
    // They are known by their numbers, and those may be others now.
    for (const gap of byId("turns").querySelectorAll(".gap")) gap.remove();
    this.#view.changed();
    this.#view.drawNow();
    this.#view.backTo(place);
    byId("empty").hidden = this.#transcript.entries.length > 0;
    if (focused && before) this.#stayAt(before, focused.at);
  }

  /**
   * Keep the focus at a caption of before, or near it.
   * @param {Caption} before
   * @param {number} at
   */
  #stayAt(before, at) {
    const shown = this.#transcript;
    const after = shown.captions.find(({ id }) => id === before.id) ?? shown.at(before.start) ?? shown.captions[0];
    const last = after ? shown.wordsOf(after).length - 1 : 0;
    this.#cursor.stay({ seq: after?.seq ?? 0, at: Math.max(0, Math.min(at, last)) });
  }

  /** @param {string} title the recording has another one now */
  titleIs(title) {
    if (this.#recording) this.#recording = { ...this.#recording, title };
  }

  /** Names and marks are to be drawn anew. */
  remark() {
    const { focused } = this.#cursor;
    this.#view.remark();
    if (focused) this.#cursor.stay(focused); // it is another element now
  }

  /** @param {number} time what is heard now, in seconds */
  at(time) {
    this.#follow.at(time);
  }

  /** Keep what is heard in view from now on. */
  follow() {
    this.#follow.follow();
  }

  /** Follow what is heard, and go there. */
  toHeard() {
    this.#follow.follow();
    const { place } = this.#follow;
    if (place) this.#cursor.focus(place);
  }

  focus() {
    const first = this.#here;
    if (first) this.#cursor.focus({ seq: first.seq, at: 0 });
    else this.#region.focus();
  }

  /** The caption that is focused, else the one that is heard and followed, else the first in view. */
  get #here() {
    const { place, away, on } = this.#follow;
    const seq = place && on && !away ? place.seq : this.#view.firstSeen;
    const { focused } = this.#cursor;
    const here = focused && this.#transcript.captionOf(focused.seq);
    return here ?? this.#transcript.captionOf(seq) ?? this.#transcript.captions[0] ?? null;
  }

  #moved() {
    this.#follow?.leave();
    this.#cursor?.viewMoved();
  }

  #drawn() {
    this.#follow?.drawn();
    this.#cursor?.drawn();
  }

  #followChanged() {
    byId("follow", HTMLInputElement).checked = this.#follow.on;
    byId("to-heard").hidden = !this.#follow.away;
  }

  /** @param {number} time */
  playFrom(time) {
    this.#follow.follow();
    this.#parts.play(time);
  }

  /** A word may not be drawn any more when the focus comes back to it. */
  #focusBefore() {
    const { focused } = this.#cursor;
    return () => (focused ? this.#cursor.focus(focused) : byId("search").focus({ preventScroll: true }));
  }

  /** @param {import("./transcript-search.js").Part} part */
  #found({ seq, start }) {
    this.#follow.leave();
    const caption = this.#transcript.captionOf(seq);
    const at = caption ? this.#transcript.wordsOf(caption).findLastIndex(({ from }) => from <= start) : 0;
    this.#cursor.wait({ seq, at: Math.max(0, at) });
  }

  /**
   * Stand at the moment that the address asks for, with its captions marked and focused.
   * @param {number} lengthS
   */
  goToMoment(lengthS) {
    const wanted = momentOf(location.search, "t");
    if (wanted === undefined) return;
    byId("moment").hidden = false;
    if (wanted === null) {
      setText(byId("moment"), strings.moment.unreadable);
      return;
    }
    this.#parts.seek(wanted.from);
    const said = saidIn(this.#transcript.captions, wanted);
    const ids = new Set(said.map(({ id }) => id));
    this.#view.highlight("quoted", ({ id }) => ids.has(id));
    const first = said[0] ?? this.#transcript.at(wanted.from) ?? this.#transcript.captions[0];
    if (first) {
      this.#view.show(first.seq, first.seq === 1);
      this.#cursor.focus({ seq: first.seq, at: 0 });
    }
    setText(byId("moment"), momentText(wanted, said, lengthS));
  }
}

/**
 * @param {{from: number, to: number}} moment
 * @param {readonly Caption[]} said
 * @param {number} lengthS
 */
function momentText(moment, said, lengthS) {
  const { recording: there, recordingNothing, recordingEnds } = strings.moment;
  const range = rangeText(moment);
  const speakers = said.map(({ speaker }) => speaker?.name || strings.captions.unknownSpeaker);
  if (speakers.length) return there([...new Set(speakers)].join(", "), range);
  return moment.from > lengthS ? recordingEnds(range, clock(lengthS)) : recordingNothing(range);
}
