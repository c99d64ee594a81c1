/** @file Hearing a hit where it stands: its sound from a moment before it, its captions word by word. */

import { make, setText } from "./dom.js";
import { api, authorization, request, signed, token } from "./http.js";
import { listenToTime } from "./player-controls.js";
import { transcriptUrl } from "./recording-links.js";
import { markPlace } from "./speaker-marks.js";
import { strings } from "./strings.js";
import { dress } from "./style-keeper.js";
import { clock } from "./times.js";
import { wordWriter } from "./transcript-text.js";
import { wordAt } from "./transcript-words.js";
import { Transcript } from "./transcript.js";

/**
 * @typedef {import("./search-types.js").Hit} Hit
 * @typedef {import("./types.js").Recording} Recording
 * @typedef {{json: import("./transcript.js").TranscriptJson, recording: Recording}} Words
 * @typedef {{hit: Hit, track: string, element: HTMLElement, marks: import("./speaker-marks.js").SpeakerMarks}} Playing
 */

/** What is heard before the word, in seconds: nobody is thrown into the middle of it. */
const LEAD_S = 1.5;

/** One player, in the hit that is played. */
export class HitPlayer {
  #audio = make("audio", { controls: true, preload: "auto", "aria-label": strings.player.audio });
  #name = make("bdi", { class: "speaker" });
  #head = make("p", { class: "turn-head" }, markPlace(), this.#name);
  #caption = make("span", { class: "caption", "aria-current": "true" });
  #captions = make("div", { class: "captions transcript", tabindex: 0, role: "group", "aria-label": strings.captions.title }, this.#head, make("p", { class: "turn-text", dir: "auto" }, this.#caption));
  #status = make("p", { class: "player-said", role: "status" });
  #element = make("div", { class: "hit-player", role: "group" }, this.#audio, this.#captions, this.#status);
  /** @type {Playing | null} */
  #playing = null;
  #transcript = new Transcript({}, { instance: 0, losses: [] });
  /** @type {import("./transcript.js").Caption | null} */
  #shown = null;
  #turn = 0;
  /** @type {{key: string, words: Promise<Words | null>}} what was fetched last: hits of one room are heard one after the other */
  #kept = { key: "", words: Promise.resolve(null) };
  #write = wordWriter((caption) => this.#transcript.wordsOf(caption));
  /** Told of a hit that begins or ceases to be played. */
  onChange = (/** @type {Playing} */ _playing, /** @type {boolean} */ _on) => {};

  constructor() {
    listenToTime(this.#audio, (time) => this.#at(time));
    this.#audio.addEventListener("error", (event) => this.#failed(event), true);
  }

  get playing() {
    return this.#playing;
  }

  /** @param {import("./caption-style.js").CaptionStyle} style */
  styleIs(style) {
    dress(this.#element, style);
  }

  /** @param {Playing} playing */
  async play(playing) {
    this.stop();
    const turn = ++this.#turn;
    this.#playing = playing;
    this.#begin(playing);
    const { hit, track } = playing;
    try {
      /** @type {Recording} */
      const recording = await api("GET", `/recordings/${encodeURIComponent(hit.recording ?? "")}`);
      if (turn !== this.#turn) return;
      if (recording.phase !== "finished" || !recording.media.length) return this.#say(strings.finding.notReady);
      const words = this.#wordsOf(recording, track);
      this.#sound(recording, hit);
      const transcript = await words;
      if (turn === this.#turn) this.#words(transcript);
    } catch (error) {
      if (turn !== this.#turn) return;
      const status = /** @type {{status?: number}} */ (error).status;
      this.#say(status === 404 ? strings.finding.gone : /** @type {Error} */ (error).message);
    }
  }

  /** Take the player away; who was in it stands at what it was opened with. */
  stop() {
    const playing = this.#playing;
    if (!playing) return;
    this.#turn += 1;
    this.#playing = null;
    const hadFocus = this.#element.contains(document.activeElement);
    this.#audio.pause();
    this.#audio.replaceChildren();
    this.#audio.load();
    this.#element.remove();
    this.#say("");
    this.onChange(playing, false);
    if (hadFocus) /** @type {HTMLElement | null} */ (playing.element.querySelector(".handle"))?.focus();
  }

  /** Its hit may be shown no more. */
  look() {
    if (this.#playing && !this.#playing.element.isConnected) this.stop();
  }

  toggle() {
    if (!this.#playing) return;
    if (this.#audio.paused) void this.#start();
    else this.#audio.pause();
  }

  /** @param {number} seconds */
  jump(seconds) {
    if (this.#playing) this.#audio.currentTime = Math.max(0, this.#audio.currentTime + seconds);
  }

  /** @param {Playing} playing */
  #begin(playing) {
    this.#transcript = new Transcript({}, { instance: 0, losses: [] });
    this.#shown = null;
    this.#audio.hidden = true;
    this.#captions.hidden = false;
    this.#element.setAttribute("aria-label", strings.finding.playing(clock(playing.hit.at)));
    this.#speaker(playing.hit.speaker);
    setText(this.#caption, playing.hit.snippet);
    playing.element.append(this.#element);
    this.#say(strings.finding.gettingReady); // what is put in with its text is not read aloud
    this.onChange(playing, true);
  }

  /**
   * @param {Recording} recording
   * @param {Hit} hit
   */
  #sound(recording, hit) {
    this.#audio.hidden = false;
    this.#audio.replaceChildren(...recording.media.map(({ url }) => make("source", { src: signed(url) })));
    this.#audio.load();
    this.#audio.currentTime = Math.max(0, hit.at - LEAD_S);
    this.#say("");
    void this.#start();
  }

  async #start() {
    // What cannot be played says so itself; a browser that wants a press has its button here.
    await this.#audio.play().catch(() => {});
  }

  /**
   * @param {Recording} recording
   * @param {string} track
   */
  #wordsOf(recording, track) {
    // What a host has cut since has another address.
    const key = JSON.stringify([recording.id, recording.media, track, token()]);
    if (this.#kept.key !== key) this.#kept = { key, words: this.#fetch(recording, track) };
    return this.#kept.words;
  }

  /**
   * @param {Recording} recording
   * @param {string} track
   * @returns {Promise<Words | null>}
   */
  async #fetch(recording, track) {
    try {
      const response = await request(transcriptUrl(recording.transcript_url, { format: "json", track }), { headers: authorization() });
      return { json: await response.json(), recording };
    } catch {
      this.#kept.key = "";
      return null; // the sound is of use without them
    }
  }

  /** @param {Words | null} words */
  #words(words) {
    if (!words) return this.#say(strings.finding.noCaptions);
    this.#transcript = new Transcript(words.json, { instance: words.recording.instance, losses: [] });
    this.#at(this.#audio.currentTime);
  }

  /** @param {number} time what is heard now, in seconds */
  #at(time) {
    const caption = this.#transcript.at(time) ?? this.#transcript.captions[0];
    if (!caption || !this.#playing) return;
    if (caption !== this.#shown) {
      this.#shown = caption;
      this.#speaker(caption.speaker);
      this.#caption.lang = caption.language;
      if (!caption.language) this.#caption.removeAttribute("lang");
      this.#write(this.#caption, caption, []);
    }
    this.#mark(wordAt(this.#transcript.wordsOf(caption), time));
  }

  /** @param {number} index of the word that is heard; -1 for none */
  #mark(index) {
    const word = /** @type {HTMLElement | null} */ (this.#caption.querySelector(`.word[data-at="${index}"]`));
    const before = this.#caption.querySelector(".word[aria-current]");
    if (word === before) return;
    before?.removeAttribute("aria-current");
    word?.setAttribute("aria-current", "true");
    if (!word) return;
    const [box, view] = [word.getBoundingClientRect(), this.#captions.getBoundingClientRect()];
    if (box.top < view.top || box.bottom > view.bottom) this.#captions.scrollTop += box.top - view.top - 8;
  }

  /** @param {import("./types.js").Person | null} speaker */
  #speaker(speaker) {
    setText(this.#name, speaker?.name || strings.captions.unknownSpeaker);
    this.#playing?.marks.draw(this.#head, speaker);
  }

  /** @param {Event} event that of the last address that there is, or of sound that has begun */
  #failed({ target }) {
    const isLast = target === [...this.#audio.querySelectorAll("source")].at(-1);
    if (this.#playing && (isLast || (target === this.#audio && this.#audio.childElementCount))) this.#say(strings.finding.cannotPlay);
  }

  /** @param {string} text */
  #say(text) {
    setText(this.#status, text);
  }
}
