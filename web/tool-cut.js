/** @file A tool for hosts: passages taken out of sound and words together, and brought back. */

import { CutChoice } from "./cut-choice.js";
import { CutKeeper, isStale } from "./cut-keeper.js";
import { rangeOf, showCuts } from "./cut-rows.js";
import { CutSound } from "./cut-sound.js";
import { marksOf, place } from "./cuts.js";
import { byId, make, setText } from "./dom.js";
import { lengthOf } from "./edited-time.js";
import { strings } from "./strings.js";
import { clock, rounded } from "./times.js";
import { ToolSection, button, showButtons } from "./tool-section.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./edited-time.js").Cut} Cut
 * @typedef {import("./types.js").Recording} Recording
 *
 * @typedef {object} Parts
 * @property {HTMLMediaElement} player
 * @property {import("./recording-transcript.js").RecordingTranscript} transcript
 * @property {(whole: boolean) => Promise<void>} show the whole recording, or what listeners have
 * @property {(cuts: readonly Cut[]) => void} onCuts is told what is cut of what is shown
 * @property {() => void} onKept what listeners have is another recording now
 */

const texts = strings.cuts;

/** Nothing can be cut but what is seen and heard: the tool begins by showing the whole. */
export class CutTool {
  #parts;
  #keeper;
  #sound;
  #section;
  #choice;
  #on = false;
  #busy = false;
  /** Whether text is selected: drawing it anew would end that. */
  #selecting = false;
  #state = make("p", {});
  #here = make("span", { id: "cut-here", class: "quiet" });
  #heading = make("h3", { id: "cut-rows-title" }, texts.cuts);
  #list = make("ol", { class: "cut-rows", "aria-labelledby": "cut-rows-title" });
  #toggle = button(texts.begin, () => void this.#use(!this.#on));
  #undo = button(texts.undo, () => void this.#step(this.#keeper.undo()));
  #redo = button(texts.redo, () => void this.#step(this.#keeper.redo()));
  #all = button(texts.bringAll, () => void this.#step(this.#keeper.keep(() => [])));
  #work;

  /**
   * @param {string} id of the recording
   * @param {Parts} parts
   */
  constructor(id, parts) {
    this.#parts = parts;
    this.#sound = new CutSound(parts.player);
    this.#keeper = new CutKeeper(id, () => this.#draw());
    this.#work = make("div", { class: "cut-work", hidden: true });
    this.#section = new ToolSection("cuts", texts.heading, make("p", { class: "hint" }, texts.hint), this.#state, this.#toggle, this.#work);
    this.#choice = new CutChoice({
      here: () => parts.player.currentTime,
      word: () => parts.transcript.chosenWord,
      said: (cut) => this.#said(cut),
      tell: (text) => this.#section.say(text),
      fail: (text) => this.#section.fail(text),
      right: () => this.#section.right(),
      errorId: this.#section.errorId,
      onChange: () => this.#remark(),
    });
    this.#build();
    const region = parts.transcript.region;
    region.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("selectionchange", () => this.#selected());
  }

  get element() {
    return this.#section.element;
  }

  /** Whether the whole recording is shown. */
  get on() {
    return this.#on;
  }

  /** Whether a passage is played for who cuts. */
  get playing() {
    return this.#on && this.#sound.playing;
  }

  /** @param {Recording} recording */
  show({ phase, progress, cuts = [], duration_s: left }) {
    this.element.hidden = phase !== "finished" && progress?.step !== "cutting" && !this.#on && !cuts.length;
    if (!this.#on) this.#tell(cuts, left);
  }

  /** @param {number} time what is heard now, in seconds */
  at(time) {
    if (!this.#on) return;
    this.#sound.at(time);
    setText(this.#here, texts.here(place(time)));
  }

  /**
   * @param {Caption} caption
   * @returns {import("./caption-text.js").TextMark[]}
   */
  marks = (caption) => {
    if (!this.#on) return [];
    const words = this.#parts.transcript.shown.wordsOf(caption);
    const { now } = this.#choice;
    return [...marksOf(words, this.#keeper.now.cuts, "cut"), ...marksOf(words, now ? [now] : [], "to-cut")];
  };

  #build() {
    const trims = [button(texts.before, () => this.#trim("before")), button(texts.behind, () => this.#trim("behind"))];
    for (const one of trims) one.setAttribute("aria-describedby", "cut-here");
    this.#choice.element.append(
      make("div", { class: "tool-line" }, button(texts.across, () => this.#across()), button(texts.cut, () => this.#cut(), "button primary")),
    );
    this.#work.append(
      make("fieldset", { class: "cut-passage" }, make("legend", {}, texts.trim), make("div", { class: "tool-line" }, this.#here, ...trims)),
      this.#choice.element,
      this.#heading,
      this.#list,
      make("div", { class: "tool-line" }, this.#undo, this.#redo, this.#all),
    );
  }

  /** @param {boolean} on */
  async #use(on) {
    if (this.#busy) return;
    this.#busy = true;
    this.#section.say(strings.loading);
    try {
      if (on) await this.#keeper.read();
      this.#on = on;
      await this.#parts.show(on);
      this.#work.hidden = byId("whole").hidden = !on;
      setText(this.#toggle, on ? texts.end : texts.begin);
      this.#choice.clear();
      this.#draw();
      this.#section.say(on ? texts.shown : texts.hidden);
    } catch (error) {
      this.#on = !on;
      this.#section.fail(/** @type {Error} */ (error).message);
    }
    this.#busy = false;
  }

  /** @param {"before" | "behind"} side */
  #trim(side) {
    const { now } = this.#keeper;
    const here = rounded(this.#parts.player.currentTime);
    if (side === "before" && here <= 0) return this.#section.fail(texts.nothingBefore);
    if (side === "behind" && here >= now.duration_s) return this.#section.fail(texts.nothingBehind);
    void this.#add(side === "before" ? { start_s: 0, end_s: here } : { start_s: here, end_s: now.duration_s });
  }

  #across() {
    const cut = this.#choice.checked(this.#keeper.now.duration_s);
    if (!cut) return;
    this.#section.right();
    this.#sound.across(cut);
  }

  #cut() {
    const cut = this.#choice.checked(this.#keeper.now.duration_s);
    if (cut) void this.#add(cut);
  }

  /** @param {Cut} cut */
  async #add(cut) {
    const kept = await this.#step(this.#keeper.keep((cuts) => [...cuts, cut]), rangeOf(cut));
    if (kept) this.#choice.clear();
  }

  /** @param {Cut} cut */
  async #bring(cut) {
    const index = this.#keeper.now.cuts.indexOf(cut);
    await this.#step(this.#keeper.keep((cuts) => cuts.filter(({ start_s: start }) => start !== cut.start_s)));
    // Who is at another row by then stays there.
    if (document.activeElement !== document.body) return;
    const rows = this.#list.querySelectorAll("[data-part=bring]");
    const next = /** @type {HTMLElement | undefined} */ (rows[Math.min(index, rows.length - 1)]);
    (next ?? this.#undo).focus();
  }

  /**
   * @param {Promise<void>} work
   * @param {string} [range] what is cut
   */
  async #step(work, range = "") {
    this.#section.say(range ? texts.cutting : texts.saving);
    try {
      await work;
    } catch (error) {
      this.#section.fail(isStale(error) ? texts.stale : /** @type {Error} */ (error).message);
      return false;
    }
    const { cuts, left_s: left } = this.#keeper.now;
    const told = range ? texts.done(range, clock(left)) : texts.changed(clock(left));
    this.#section.say(cuts.length ? told : texts.allBack);
    this.#parts.onKept();
    return true;
  }

  #draw() {
    const { cuts, left_s: left, can_undo: undo, can_redo: redo } = this.#keeper.now;
    this.#tell(cuts, left);
    showCuts(this.#list, cuts, (cut) => this.#said(cut), {
      across: (cut) => this.#sound.across(cut),
      playCut: (cut) => this.#sound.inside(cut),
      bring: (cut) => void this.#bring(cut),
    });
    this.#heading.hidden = this.#list.hidden = cuts.length === 0;
    const buttons = /** @type {const} */ ([[this.#undo, undo], [this.#redo, redo], [this.#all, cuts.length > 0]]);
    showButtons(buttons, this.#toggle);
    this.#remark();
    this.#parts.onCuts(this.#on ? cuts : []);
  }

  /**
   * @param {readonly Cut[]} cuts
   * @param {number} left
   */
  #tell(cuts, left) {
    setText(this.#state, cuts.length ? texts.some(cuts.length, lengthOf(cuts), clock(left)) : texts.none);
  }

  #remark() {
    if (this.#on && !this.#selecting) this.#parts.transcript.remark();
  }

  /** @param {Cut} cut */
  #said(cut) {
    const { shown } = this.#parts.transcript;
    const captions = shown.captions.filter(({ start, end }) => start <= cut.end_s && end >= cut.start_s);
    const parts = captions.flatMap((caption) =>
      marksOf(shown.wordsOf(caption), [cut], "cut").map(({ start, end }) => caption.text.slice(start, end)),
    );
    return parts.join(" ");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // On many keyboards [ and ] are typed with Option, or with AltGr, which is Ctrl and Alt.
    if (!this.#on || (event.ctrlKey && !event.altKey) || event.metaKey) return;
    if (event.key === "[") this.#choice.fromWord();
    else if (event.key === "]") this.#choice.toWord();
    else return;
    event.preventDefault();
  }

  #selected() {
    // While a field is written in, some browsers say that the transcript's old selection has changed.
    const isWritten = document.activeElement instanceof HTMLInputElement;
    const passage = this.#on && !isWritten ? this.#parts.transcript.selected : null;
    const before = this.#selecting;
    this.#selecting = passage !== null;
    if (passage) this.#choice.choose(passage);
    else if (before) this.#remark();
  }
}
