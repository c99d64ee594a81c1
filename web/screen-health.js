/** @file How the captions of a second screen do: what is wrong at once, and again when it is repaired. */

import { byId, setText } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").StatusMessage} StatusMessage
 * @typedef {import("./types.js").WelcomeMessage} WelcomeMessage
 */

/** That captions work again is said this long: a second screen is for captions. */
const REPAIRED_FOR_MS = 6000;

/** Says above the captions what is wrong with them, and beside the buttons how late and how good they are. */
export class ScreenHealth {
  #live = false;
  #broken = "";
  /** @type {StatusMessage | null} */
  #status = null;
  /** @type {WelcomeMessage["engine"]} */
  #engine = null;
  #wrong = "";
  /** What is to be said when what is wrong is repaired. */
  #repaired = "";
  #timer = 0;

  /** @param {boolean} live */
  roomIs(live) {
    this.#live = live;
    this.#draw();
  }

  /** @param {WelcomeMessage["engine"]} engine */
  engineIs(engine) {
    this.#engine = engine;
    this.#draw();
  }

  /** @param {StatusMessage} status */
  statusIs(status) {
    this.#status = status;
    this.#draw();
  }

  /**
   * @param {string} broken what is wrong with the connection; "" when it is open
   * @param {boolean} lost whether there was one before
   */
  connectionIs(broken, lost) {
    this.#broken = broken;
    if (lost) this.#repaired = strings.captions.restored;
    this.#draw();
  }

  #draw() {
    const stopped = this.#stopped();
    const wrong = this.#broken || stopped;
    if (stopped && !this.#broken) this.#repaired = strings.captions.back;
    if (wrong || this.#wrong) this.#say(wrong || (this.#live ? this.#repaired : ""), !wrong);
    if (!wrong) this.#repaired = "";
    this.#wrong = wrong;
    setText(byId("facts"), this.#live && !this.#broken ? this.#facts() : "");
  }

  /**
   * @param {string} text
   * @param {boolean} passing whether it is said for a moment only
   */
  #say(text, passing) {
    clearTimeout(this.#timer);
    setText(byId("health"), text);
    if (passing && text) this.#timer = Number(setTimeout(() => this.#say("", false), REPAIRED_FOR_MS));
  }

  #stopped() {
    const { down, off } = strings.captions;
    const what = this.#live ? ({ down, off }[this.#status?.state ?? ""] ?? "") : "";
    return what && (this.#status?.note || what);
  }

  /** How late captions are, and who makes them how well. */
  #facts() {
    const { captions, captioner } = strings;
    const hand = this.#status ? this.#status.captioner : this.#engine?.captioner;
    const by = this.#engine ? captions.engine(this.#engine.name, this.#engine.quality) : "";
    const late = this.#status && !this.#stopped() ? captions.behind(this.#status.delay) : "";
    return [late, hand ? captioner.byHand(hand.name) : by].filter(Boolean).join(" · ");
  }
}
