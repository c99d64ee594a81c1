/**
 * @file Alerts that stay until they are answered, above everything and beside nothing: showing one
 * moves no caption and takes no focus. A key leads to them, Escape leads back.
 */

import { byId, make, reconcile, setText } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {{text: string, run: () => void}} AlertAction
 * @typedef {{text: string, href: string, run?: () => void}} AlertLink `run` is done before it is followed
 * @typedef {{key: string, text: string, actions: AlertAction[], links?: AlertLink[]}} Alert
 */

/** @type {AlertStack | null} */
let ofPage = null;

/**
 * The one stack of the page: alerts of every kind are in it. Where there are captions, the newest of
 * which is below, they lie above; elsewhere the head of the page stays free.
 * @param {HTMLElement} [home] where the reader is led whose own place is gone; the first one counts
 */
export function alertsOfPage(home = byId("main")) {
  ofPage ??= new AlertStack(byId("main"), home, !document.getElementById("captions"));
  return ofPage;
}

/** The alerts of a page, the newest first. */
export class AlertStack {
  #list = make("ul", { class: "alert-list" });
  #region = make(
    "section",
    { id: "alerts", class: "alerts", "aria-label": strings.alerts.region, hidden: true },
    this.#list,
  );
  #said = make("p", { id: "alert-status", class: "visually-hidden", role: "status" });
  /** @type {Alert[]} */
  #alerts = [];
  #home;
  /** @type {Element | null} where the reader was before they came here */
  #before = null;

  /** Whether they lie at the foot of the window, unless something there is in use. */
  #low;

  /**
   * @param {HTMLElement} main what the alerts are put before
   * @param {HTMLElement} home where the reader is led whose own place is gone
   * @param {boolean} [low]
   */
  constructor(main, home, low = false) {
    this.#home = home;
    this.#low = low;
    main.before(this.#said, this.#region);
    document.addEventListener("focusin", () => this.#giveWay());
    this.#region.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.#back();
    });
    this.#region.addEventListener("focusin", ({ relatedTarget }) => {
      if (relatedTarget instanceof Element && !this.#region.contains(relatedTarget)) this.#before = relatedTarget;
    });
  }

  /**
   * Show an alert, or what it says by now.
   * @param {Alert} alert
   * @param {{announce: boolean}} how whether a screen reader is told
   */
  show(alert, { announce }) {
    const known = this.#alerts.some(({ key }) => key === alert.key);
    if (known && !announce) this.#alerts = this.#alerts.map((one) => (one.key === alert.key ? alert : one));
    else this.#alerts = [alert, ...this.#alerts.filter(({ key }) => key !== alert.key)];
    this.#draw();
    if (announce) this.tell(alert.text);
  }

  /** @param {string} key */
  hide(key) {
    const focused = this.#list.contains(document.activeElement);
    this.#alerts = this.#alerts.filter((one) => one.key !== key);
    this.#draw();
    if (!focused || this.#list.contains(document.activeElement)) return;
    if (this.#alerts.length) this.focus();
    else this.#back();
  }

  /**
   * Tell a screen reader something, once and politely.
   * @param {string} text
   */
  tell(text) {
    this.#said.replaceChildren(text);
  }

  /** Go to the newest alert, if there is any. */
  focus() {
    /** @type {HTMLElement | null} */ (this.#list.querySelector("a, button"))?.focus();
  }

  #back() {
    const before = this.#before;
    const there = before instanceof HTMLElement && before.isConnected && before.checkVisibility();
    (there ? before : this.#home).focus({ preventScroll: true });
  }

  /** Lie at the other end of the window when what is focused would be under the alerts. */
  #giveWay() {
    const focused = document.activeElement;
    if (!focused || focused === document.body || this.#region.contains(focused)) return;
    const [own, under] = [this.#region.getBoundingClientRect(), focused.getBoundingClientRect()];
    const apart = own.bottom < under.top || own.top > under.bottom || own.right < under.left || own.left > under.right;
    if (!apart && under.height < innerHeight / 4) this.#region.classList.toggle("low");
  }

  #draw() {
    if (this.#region.hidden) this.#region.classList.toggle("low", this.#low);
    this.#region.hidden = this.#alerts.length === 0;
    reconcile(this.#list, this.#alerts, {
      key: ({ key }) => key,
      create: () => make("li", { class: "alert" }, make("p", { dir: "auto" }), make("div", { class: "alert-actions" })),
      update: (element, { text, actions, links = [] }) => {
        const [words, buttons] = /** @type {[HTMLElement, HTMLElement]} */ (
          /** @type {unknown} */ (element.children)
        );
        setText(words, text);
        reconcile(buttons, [...links, ...actions], {
          key: (action) => action.text,
          create: (action) => ("href" in action ? linkTo(action) : make("button", { type: "button", class: "button" }, action.text)),
          update: (button, action) => {
            if ("href" in action) button.setAttribute("href", action.href);
            button.onclick = action.run ?? null;
          },
        });
      },
    });
    if (!this.#region.hidden) this.#giveWay();
  }
}

/** @param {AlertLink} link */
function linkTo({ text, href }) {
  return make("a", { href, class: "button alert-link" }, text);
}
