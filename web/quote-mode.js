/**
 * @file Quoting by keyboard, pointer or touch: captions are chosen in a frozen view, then copied
 * with a link. Where captions come from, and how they are shown, is the `QuoteSource`'s.
 */

import { byId, make, setText } from "./dom.js";
import { QuoteChoice } from "./quote-choice.js";
import { copyQuote, showQuote } from "./quote-copy.js";
import { plainText, quoteOf, rangeText, speakersOf } from "./quote.js";
import { strings } from "./strings.js";
import { clock } from "./times.js";

/**
 * @typedef {import("./quote.js").Said} Said
 * @typedef {import("./quote-choice.js").Refusal} Refusal
 *
 * @typedef {object} QuoteSource
 * @property {HTMLElement} region what holds the captions
 * @property {() => import("./quote-choice.js").Rows} rows
 * @property {() => string[]} here the ids of the first and the last caption that the reader is at
 * @property {() => () => void} freeze keeps the view still; what it gives brings the view back
 * @property {(ids: ReadonlySet<string>, head: Said | null) => void} show marks captions, and brings
 *   one into view
 * @property {(target: Element) => string} captionOf the id of the caption that was hit, or ""
 * @property {() => {title: string, roomId: string, cuts?: readonly import("./edited-time.js").Cut[]}} room
 */

const COPIED_FOR_MS = 5000;

/** The mode; its bar takes the place of the panel's while it lasts. */
export class QuoteMode {
  #source;
  #say;
  #opener = byId("quote", HTMLButtonElement);
  #bar = byId("quote-bar");
  #usualBar = /** @type {HTMLElement} */ (this.#opener.closest(".panel-bar"));
  #heading = make("p", { class: "quote-heading" });
  #words = make("p", { class: "quote-words", dir: "auto" });
  // Screen readers pass arrow keys on to an application alone.
  #field = make(
    "div",
    { class: "quote-field", role: "application", tabindex: 0, "aria-label": strings.quotes.choose, "aria-describedby": "quote-hint" },
    this.#heading,
    this.#words,
  );
  /** @type {QuoteChoice | null} */
  #choice = null;
  #unfreeze = () => {};
  /** @type {HTMLElement | null} */
  #focusBefore = null;
  #pageTop = 0;
  #timer = 0;

  /**
   * @param {QuoteSource} source
   * @param {(text: string) => void} say
   */
  constructor(source, say) {
    this.#source = source;
    this.#say = say;
    this.#opener.addEventListener("click", () => this.enter());
    this.#buildBar();
    const panel = /** @type {HTMLElement} */ (this.#bar.parentElement);
    panel.addEventListener("keydown", (event) => this.#key(event));
    source.region.addEventListener("click", (event) => this.#clicked(event), true);
  }

  get active() {
    return this.#choice !== null;
  }

  /** Begin at the caption that the reader is at, or leave. */
  toggle() {
    if (this.active) this.leave();
    else this.enter();
  }

  enter() {
    if (this.active) return;
    const here = this.#source.here(); // before the view may move
    this.#focusBefore = /** @type {HTMLElement | null} */ (document.activeElement);
    const unfreeze = this.#source.freeze();
    const choice = here[0] ? new QuoteChoice(this.#source.rows(), here[0], here[1]) : null;
    if (!choice?.head) {
      unfreeze();
      this.#say(strings.quotes.nothing);
      return;
    }
    [this.#choice, this.#unfreeze] = [choice, unfreeze];
    this.#pageTop = scrollY;
    this.#showBar(true);
    this.#field.focus({ preventScroll: true });
    this.#draw();
    this.#bar.scrollIntoView({ block: "nearest" });
    this.#say(strings.quotes.entered(this.#chosenText()));
  }

  /** Leave without a quote, with view and focus as they were before. */
  leave() {
    if (!this.#choice) return;
    this.#close();
    this.#say(strings.quotes.left);
  }

  /** Captions go on, because the reader asked for that: nothing is brought back. */
  giveUp() {
    if (!this.#choice) return;
    this.#close();
    this.#say(strings.quotes.wentOn);
  }

  #close() {
    this.#choice = null;
    this.#source.show(new Set(), null);
    this.#showBar(false);
    this.#unfreeze();
    scrollTo(scrollX, this.#pageTop);
    const before = this.#focusBefore;
    if (before?.isConnected && before !== document.body) before.focus({ preventScroll: true });
    else this.#source.region.focus({ preventScroll: true });
  }

  #buildBar() {
    const { quotes } = strings;
    const button = (/** @type {string} */ text, /** @type {() => void} */ run, look = "button") => {
      const made = make("button", { type: "button", class: look }, text);
      made.addEventListener("click", run);
      return made;
    };
    const share = button(quotes.share, () => void this.#share());
    share.hidden = !("share" in navigator);
    this.#bar.append(
      this.#field,
      make("p", { id: "quote-hint", class: "hint" }, quotes.hint),
      button(quotes.copy, () => void this.#copy(), "button primary"),
      share,
      button(quotes.earlier, () => this.#change((choice) => choice.widen(-1))),
      button(quotes.later, () => this.#change((choice) => choice.widen(1))),
      button(quotes.leave, () => this.leave()),
    );
  }

  /** @param {boolean} shown */
  #showBar(shown) {
    this.#bar.hidden = !shown;
    this.#usualBar.hidden = shown;
    this.#source.region.classList.toggle("quoting", shown);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {Element} */ (event.target);
    if (!this.active || event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.matches("select, input, textarea")) return;
    const step = { ArrowUp: /** @type {const} */ (-1), ArrowDown: /** @type {const} */ (1) }[event.key];
    if (step) this.#change((choice) => (event.shiftKey ? choice.extend(step) : choice.move(step)));
    else if (event.key === "Escape") this.leave();
    else if (event.key === "Enter" && !target.matches("button:not(.cue), a")) void this.#copy();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    if (!this.active) return;
    event.stopPropagation();
    const id = this.#source.captionOf(/** @type {Element} */ (event.target));
    if (id) {
      this.#change((choice) => {
        if (event.shiftKey) return choice.extendTo(id);
        choice.pick(id);
        return "";
      });
    }
    this.#field.focus({ preventScroll: true });
  }

  /** @param {(choice: QuoteChoice) => Refusal} change */
  #change(change) {
    const choice = this.#choice;
    if (!choice) return;
    choice.rowsAre(this.#source.rows());
    const refusal = change(choice);
    if (choice.captions.length === 0) {
      this.giveUp();
      return;
    }
    this.#draw();
    this.#say(refusal ? (strings.quotes.refused[refusal] ?? "") : this.#chosenText());
  }

  #draw() {
    const quote = this.#quote();
    const choice = this.#choice;
    if (!choice || !quote) return;
    const range = rangeText(quote.moment);
    setText(this.#heading, strings.quotes.heading(speakersOf(quote).join(", "), range));
    setText(this.#words, quote.turns.map(({ text }) => text).join(" "));
    this.#source.show(new Set(choice.captions.map(({ id }) => id)), choice.head);
  }

  #chosenText() {
    const { head, captions } = /** @type {QuoteChoice} */ (this.#choice);
    if (!head) return "";
    const last = strings.quotes.one(head.speaker, clock(head.start), head.text);
    return captions.length > 1 ? strings.quotes.several(captions.length, last) : last;
  }

  #quote() {
    const captions = this.#choice?.captions ?? [];
    if (captions.length === 0) return null;
    return quoteOf(captions, { ...this.#source.room(), origin: location.origin });
  }

  async #copy() {
    const quote = this.#quote();
    if (!quote) return;
    const copied = await copyQuote(quote);
    if (!this.active) return;
    this.#close();
    if (copied) this.#sayCopied(quote);
    else showQuote(quote);
  }

  /** @param {import("./quote.js").Quote} quote */
  #sayCopied(quote) {
    this.#say(strings.quotes.copied(speakersOf(quote).join(", "), rangeText(quote.moment)));
    setText(this.#opener, strings.quotes.copiedShort);
    clearTimeout(this.#timer);
    this.#timer = Number(setTimeout(() => setText(this.#opener, strings.quotes.open), COPIED_FOR_MS));
  }

  async #share() {
    const quote = this.#quote();
    if (!quote) return;
    const [text = ""] = plainText(quote).split(`\n${quote.link}`);
    // Who closes the sharing dialog goes on choosing.
    const shared = await navigator.share({ title: quote.title, text, url: quote.link }).then(
      () => true,
      () => false,
    );
    if (shared && this.active) this.#close();
  }
}
