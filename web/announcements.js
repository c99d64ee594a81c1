/**
 * @file What a screen reader says by itself, as its user has chosen: nothing, whole captions, or who
 * speaks. Each is a new node in one live region, which is not changed any more (ADR 0019).
 */

import { Announcer } from "./announcer.js";
import { byId, make } from "./dom.js";
import { gapText } from "./gap-text.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {"off" | "sentences" | "speakers"} Choice
 */

const KEY = "roomscribe.announce";
/** @type {readonly Choice[]} */
export const CHOICES = ["off", "sentences", "speakers"];
/** Gaps come in swarms when a server is overloaded. */
const GAP_EVERY_MS = 10_000;

/**
 * @param {string | null} kept what an earlier visit left, or an earlier version ("on")
 * @returns {Choice}
 */
export function choiceOf(kept) {
  if (kept === "on") return "sentences";
  return CHOICES.find((choice) => choice === kept) ?? "off";
}

/**
 * Captions in words; a name where another speaker begins.
 * @param {readonly Caption[]} captions
 * @param {string | null} lastSpeaker who was announced last
 * @param {number} skipped
 */
export function sentencesText(captions, lastSpeaker, skipped) {
  const { announce } = strings;
  const parts = skipped ? [announce.skipped(skipped)] : [];
  let speaker = lastSpeaker;
  for (const caption of captions) {
    const name = nameOf(caption);
    parts.push(name === speaker ? caption.text : announce.said(name, caption.text));
    speaker = name;
  }
  return parts.join(" ");
}

/** @param {Caption} caption */
function nameOf(caption) {
  return caption.speaker?.name ?? strings.captions.unknownSpeaker;
}

/** The choice, and the live region that follows it. */
export class Announcements {
  #select = byId("announce", HTMLSelectElement);
  #region = byId("announcements");
  #parts;
  /** @type {Choice} */
  #choice;
  /** @type {string | null} whose name was announced last */
  #speaker = null;
  #gapSaidAt = Number.NEGATIVE_INFINITY;
  /** @type {Announcer<Caption>} */
  #announcer = new Announcer((captions, skipped) => this.#say(captions, skipped));

  /**
   * @param {object} parts
   * @param {(text: string) => void} parts.say something about the captions, in a `role=status`
   * @param {() => boolean} parts.gapsAreSaid
   */
  constructor(parts) {
    this.#parts = parts;
    this.#choice = choiceOf(localStorage.getItem(KEY));
    this.#select.value = this.#choice;
    this.#select.addEventListener("change", () => this.#choose(choiceOf(this.#select.value)));
  }

  /** The next choice, as a key asks for it. */
  cycle() {
    const next = CHOICES[(CHOICES.indexOf(this.#choice) + 1) % CHOICES.length] ?? "off";
    this.#select.value = next;
    this.#choose(next);
    this.#parts.say(strings.announce.now[next]);
  }

  /** @param {Entry} entry a new one at the end of the history */
  final(entry) {
    if (entry.kind === "gap") this.#gap(entry);
    else if (this.#choice === "sentences") this.#announcer.announce(entry);
    else if (this.#choice === "speakers" && nameOf(entry) !== this.#speaker) this.#announcer.announce(entry);
  }

  /** @param {Choice} choice */
  #choose(choice) {
    this.#choice = choice;
    localStorage.setItem(KEY, choice);
    this.#speaker = null;
    this.#announcer.clear();
  }

  /** @param {import("./caption-store.js").Gap} gap */
  #gap(gap) {
    if (gap.reason === "off-record") return; // the room's notice says it
    const now = performance.now();
    if (now - this.#gapSaidAt < GAP_EVERY_MS || !this.#parts.gapsAreSaid()) return;
    this.#gapSaidAt = now;
    this.#parts.say(gapText(gap));
  }

  /**
   * @param {Caption[]} captions
   * @param {number} skipped
   */
  #say(captions, skipped) {
    const last = /** @type {Caption} */ (captions.at(-1));
    const text =
      this.#choice === "speakers"
        ? strings.announce.speaker(nameOf(last))
        : sentencesText(captions, this.#speaker, skipped);
    this.#speaker = nameOf(last);
    // The one before is taken away in the same step: who walks the page does not find it twice.
    this.#region.replaceChildren(make("p", {}, text));
    return text;
  }
}
