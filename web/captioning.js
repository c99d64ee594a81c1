/** @file Captions that are made, or made better, when a room is over: how far that is, and what came of it. */

import { byId, make, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Recording} Recording
 * @typedef {import("./types.js").Captioning} Captioning
 */

const POLL_MS = { captions: 2000, "second-pass": 10_000 };
export const MORE_LOOKS = 2; // between being measured and being captioned nothing may be known of it

/**
 * Whether something is on its way by itself.
 * @param {Recording} recording
 */
export function isGoingOn({ phase, progress, captioning }) {
  return phase === "finishing" || [progress, captioning].some((one) => one && one.step !== "failed");
}

/**
 * How far captions are, in words; nothing where there is nothing to wait for.
 * @param {Captioning | null | undefined} captioning
 */
export function captioningText(captioning) {
  const { steps, percent, failed, waiting } = strings.captioning;
  if (!captioning) return "";
  if (captioning.step === "failed") return captioning.purpose === "captions" ? failed(captioning.note) : "";
  if (captioning.step === "waiting") return captioning.purpose === "captions" ? waiting : "";
  const step = steps[captioning.step];
  return step ? percent(step, captioning.share) : "";
}

/** The lines above a recording's transcript. */
export class CaptioningView {
  #place = byId("captioning");
  #status = byId("captioning-status");
  #words = make("span", {});
  #bar = make("progress", { max: 1 });
  #label = make("label", {}, this.#words, " ", this.#bar);
  #marks = make("input", { type: "checkbox" });
  #improved = make("span", {});
  #result = make("span", {}, this.#improved, " ", make("label", { class: "check" }, this.#marks, ` ${strings.captioning.showImproved}`));
  #parts;
  #waits = false;
  #looks = 0;

  /**
   * @param {object} parts
   * @param {(recording: Recording) => Promise<void>} parts.onWords there are other captions now
   * @param {(error: ApiError) => void} parts.onGone the recording was deleted
   * @param {(shown: boolean) => void} parts.onMarks improved captions are to be marked, or no more
   */
  constructor(parts) {
    this.#parts = parts;
    this.#marks.addEventListener("change", () => parts.onMarks(this.#marks.checked));
  }

  /** @param {Recording} recording one that is finished */
  show(recording) {
    const { captioning, improved } = recording;
    const text = captioningText(captioning);
    setText(this.#words, text);
    this.#bar.hidden = captioning?.step === "failed" || captioning?.step === "waiting";
    this.#bar.value = captioning?.share ?? 0;
    const changed = improved && improved.changed + improved.added > 0;
    if (improved) setText(this.#improved, strings.captioning.improved(improved.changed, improved.added));
    const shown = text ? this.#label : changed ? this.#result : null;
    if (shown ? !shown.isConnected : this.#place.childElementCount) this.#place.replaceChildren(...(shown ? [shown] : []));
    this.#place.hidden = !shown;
    if (this.#waits) return; // it is looked at again anyway
    this.#looks = isGoingOn(recording) ? MORE_LOOKS : this.#looks - 1;
    if (this.#looks > 0) void this.#wait(recording);
  }

  /**
   * Ask again until nothing is left to be done; words that come meanwhile are shown.
   * @param {Recording} before
   */
  async #wait(before) {
    this.#waits = true;
    const { purpose = "captions" } = before.captioning ?? {};
    await new Promise((resume) => setTimeout(resume, POLL_MS[purpose]));
    const now = await this.#look(before).catch((error) => error);
    this.#waits = false;
    if (now instanceof ApiError && now.status === 404) return this.#parts.onGone(now);
    this.show(now instanceof Error ? before : now);
  }

  /**
   * @param {Recording} before
   * @returns {Promise<Recording>} when its words are shown
   */
  async #look(before) {
    /** @type {Recording} */
    const now = await api("GET", `/recordings/${encodeURIComponent(before.id)}`);
    const isOver = before.captioning && !now.captioning;
    if (isOver || (now.captioning?.share ?? 0) !== (before.captioning?.share ?? 0)) await this.#parts.onWords(now);
    if (isOver) setText(this.#status, strings.captioning.complete);
    return now;
  }
}
