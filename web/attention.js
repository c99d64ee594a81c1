/**
 * @file Calls for the listener's attention: the captions' frame flashes, the device vibrates, and while
 * the page is hidden its title and a notification say why. The listener chooses which, in each browser.
 */

import { callFromTitle } from "./page-title.js";

/** @typedef {{flash: boolean, vibrate: boolean, notify: boolean}} Means */

const KEY = "roomscribe.alert-means";
/** The frame shows this long: some flashes, one a second, or a still frame where motion is reduced. */
const FRAME_MS = 6000;
const VIBRATION_MS = [200, 100, 200];

/** Whether this browser can vibrate; most devices without a motor do not say so. */
export const canVibrate = () => "vibrate" in navigator;

/** Whether this browser can notify; pages that are not secure cannot. */
export const canNotify = () => "Notification" in window && window.isSecureContext;

/** One page's ways to call for attention. */
export class Attention {
  #framed;
  #timer = 0;

  /** @param {HTMLElement} framed what flashes */
  constructor(framed) {
    this.#framed = framed;
  }

  /** @returns {Means} */
  get means() {
    const usual = { flash: true, vibrate: true, notify: false };
    try {
      return { ...usual, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
    } catch {
      return usual;
    }
  }

  /** @param {Partial<Means>} changes */
  use(changes) {
    localStorage.setItem(KEY, JSON.stringify({ ...this.means, ...changes }));
  }

  /**
   * Ask for the right to notify.
   * @returns {Promise<boolean>}
   */
  async mayNotify() {
    return canNotify() && (await Notification.requestPermission()) === "granted";
  }

  /** @param {string} text what there is to see, in one line */
  call(text) {
    const { flash, vibrate, notify } = this.means;
    if (flash) this.#frame();
    if (vibrate && canVibrate()) navigator.vibrate(VIBRATION_MS);
    callFromTitle(text);
    if (notify && document.hidden) notifyOf(text);
  }

  /** A frame that is shown already goes on: it never flashes faster for being asked twice. */
  #frame() {
    clearTimeout(this.#timer);
    this.#framed.classList.add("calling");
    this.#timer = Number(setTimeout(() => this.#framed.classList.remove("calling"), FRAME_MS));
  }
}

/** @param {string} text */
function notifyOf(text) {
  if (!canNotify() || Notification.permission !== "granted") return;
  try {
    const shown = new Notification(text, { tag: "roomscribe" });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  } catch {
    // Some browsers give notifications to service workers alone: the title has said it.
  }
}
