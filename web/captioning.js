/** @file Captions that are made, or made better, when a room is over: how far that is, and what came of it. */

import { byId, make, setText } from "./dom.js";
import { api } from "./http.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Recording} Recording
 * @typedef {import("./types.js").Captioning} Captioning
 */

const POLL_MS = { captioning: 2000, improving: 10_000 };

/**
 * How far captions are, in words; nothing where there is nothing to wait for.
 * @param {Captioning | null | undefined} captioning
 */
export function captioningText(captioning) {
  const { steps, percent, failed } = strings.captioning;
  if (!captioning) return "";
  if (captioning.step === "failed") return failed(captioning.note);
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

  /**
   * @param {object} parts
   * @param {(recording: Recording) => void} parts.onWords there are other captions now
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
    const goesOn = Boolean(text) && captioning?.step !== "failed";
    setText(this.#words, text);
    this.#bar.hidden = !goesOn;
    this.#bar.value = captioning?.share ?? 0;
    const changed = improved && improved.changed + improved.added > 0;
    if (improved) setText(this.#improved, strings.captioning.improved(improved.changed, improved.added));
    const shown = text ? this.#label : changed ? this.#result : null;
    if (shown ? !shown.isConnected : this.#place.childElementCount) this.#place.replaceChildren(...(shown ? [shown] : []));
    this.#place.hidden = !shown;
    if (captioning && captioning.step !== "failed" && !this.#waits) void this.#wait(recording);
  }

  /**
   * Ask again until nothing is left to be done; words that come meanwhile are shown.
   * @param {Recording} before
   */
  async #wait(before) {
    this.#waits = true;
    const { step = "" } = before.captioning ?? {};
    const making = step === "captioning" || (step === "waiting" && !before.improved);
    await new Promise((resume) => setTimeout(resume, making ? POLL_MS.captioning : POLL_MS.improving));
    /** @type {Recording} */
    const now = await api("GET", `/recordings/${encodeURIComponent(before.id)}`).catch(() => before);
    this.#waits = false;
    if (!now.captioning && step !== "waiting") setText(this.#status, strings.captioning.complete);
    if (now.captioning?.share !== before.captioning?.share || !now.captioning) this.#parts.onWords(now);
    this.show(now);
  }
}
