/**
 * @file The panel's buttons and what it says about itself: pause, the count of what waits, ways to
 * go on, the delay, outages. What is announced goes to one `role=status`, sparingly.
 */

import { byId, setText } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./caption-panel.js").CaptionPanel} CaptionPanel
 * @typedef {import("./captions-client.js").Connection} Connection
 */

const SPEED_KEY = "roomscribe.reading-speed";
/** A count that grows is announced this often at most. */
const COUNT_EVERY_MS = 10_000;

/** Draws the panel's state; everything it shows is told to it. */
export class CaptionControls {
  #panel;
  #tell;
  #pause = byId("pause", HTMLButtonElement);
  #more = byId("more", HTMLButtonElement);
  #menu = byId("resume-menu");
  #replay = byId("replay", HTMLButtonElement);
  #catchUpNow = byId("catch-up", HTMLButtonElement);
  #toLiveNow = byId("to-live", HTMLButtonElement);
  #speed = byId("speed", HTMLSelectElement);
  #mode = byId("mode");
  #health = byId("health");
  #announced = byId("status");
  #countSaidAt = 0;
  #countSaid = 0;
  /** @type {import("./reading-state.js").Mode} */
  #wasMode = "live";
  /** What was said of captions that have stopped. */
  #stopped = "";
  #lost = false;
  /** @type {Connection} */
  #connection = "connecting";
  /** @type {import("./types.js").StatusMessage | null} */
  #status = null;
  /** Whether the room is live. */
  live = false;

  /**
   * @param {CaptionPanel} panel
   * @param {(text: string) => void} tell says what its other lines do not show
   */
  constructor(panel, tell) {
    this.#panel = panel;
    this.#tell = tell;
    this.#speed.value = localStorage.getItem(SPEED_KEY) ?? "200";
    this.#pause.addEventListener("click", () => panel.togglePause());
    this.#more.addEventListener("click", () => this.#showMenu(Boolean(this.#menu.hidden)));
    this.#replay.addEventListener("click", () => this.#goOn(() => panel.resume("replay")));
    this.#catchUpNow.addEventListener("click", () => this.#goOn(() => this.#catchUp()));
    this.#toLiveNow.addEventListener("click", () => this.#goOn(() => panel.resume("live")));
    this.#speed.addEventListener("change", () => this.#changeSpeed());
    this.#menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.#showMenu(false);
      this.#more.focus();
    });
  }

  /** @param {string} text said once, politely */
  say(text) {
    this.#announced.textContent = text;
  }

  /** @param {Connection} connection */
  connectionIs(connection) {
    this.#connection = connection;
    if (connection === "lost" && !this.#lost) this.say(strings.captions.connectionLost);
    if (connection === "open" && this.#lost) this.#tell(strings.captions.restored);
    if (connection !== "connecting") this.#lost = connection === "lost";
    this.draw();
  }

  /** @param {import("./types.js").StatusMessage} status */
  statusIs(status) {
    this.#status = status;
    const { downNote, off, back } = strings.captions;
    const stopped = { down: status.note || downNote, off: status.note || off }[status.state] ?? "";
    if (stopped && stopped !== this.#stopped) this.say(stopped);
    if (!stopped && this.#stopped) this.#tell(back);
    this.#stopped = stopped;
    this.draw();
  }

  /** Show the state as it is now. */
  draw() {
    const { reading, waiting } = this.#panel;
    const { paused, mode } = reading;
    const away = paused || mode === "reading";
    const catchingUp = mode === "catching-up";
    setText(byId("pause-label"), away ? this.#toLive() : strings.captions.pause);
    setText(byId("pause-count"), paused && waiting ? String(waiting) : "");
    byId("pause-count").hidden = !paused || !waiting;
    this.#pause.classList.toggle("primary", away);
    this.#more.classList.toggle("invisible", !paused && !catchingUp);
    setText(this.#toLiveNow, this.#toLive());
    if (!paused && !catchingUp) this.#closeMenu();
    // The focus stays in the menu while the ways in it change.
    const focused = document.activeElement;
    if (catchingUp && focused === this.#catchUpNow) this.#speed.focus();
    if (paused && focused === this.#toLiveNow) this.#replay.focus();
    this.#toLiveNow.hidden = !catchingUp;
    this.#catchUpNow.hidden = catchingUp;
    setText(this.#replay, strings.captions.replay(waiting));
    setText(this.#mode, this.#modeText());
    this.#drawHealth();
    this.#sayMode(mode, waiting);
  }

  #toLive() {
    return this.live ? strings.captions.toLive : strings.captions.toEnd;
  }

  #modeText() {
    const { reading, waiting } = this.#panel;
    const { captions } = strings;
    if (reading.paused) return `${captions.paused} · ${captions.newCount(waiting)}`;
    if (reading.mode === "reading") return captions.reading;
    if (reading.mode === "catching-up") return captions.catchingUp(waiting);
    if (this.#connection !== "open") return "";
    return this.live ? captions.live : captions.ended;
  }

  #drawHealth() {
    const { connection, down, behind, off } = strings.captions;
    // Attempts to connect again change nothing for the reader.
    const broken = connection[this.#lost && this.#connection === "connecting" ? "lost" : this.#connection];
    const status = this.#status;
    let text = broken ?? "";
    if (!broken && status && this.live) {
      if (status.state === "down") text = status.note || down;
      else if (status.state === "off") text = status.note || off;
      else text = [behind(status.delay), status.note].filter(Boolean).join(" · ");
    }
    this.#health.classList.toggle("warning", Boolean(broken) || this.#stopped !== "");
    setText(this.#health, text);
  }

  /**
   * Pausing and how captions go on is said at once, then the count now and then.
   * @param {import("./reading-state.js").Mode} mode
   * @param {number} waiting
   */
  #sayMode(mode, waiting) {
    const now = performance.now();
    const changed = mode !== this.#wasMode;
    const due = waiting !== this.#countSaid && now - this.#countSaidAt > COUNT_EVERY_MS;
    this.#wasMode = mode;
    if (mode === "paused" && (changed || due)) {
      this.say(strings.captions.pausedWith(waiting));
      [this.#countSaid, this.#countSaidAt] = [waiting, now];
    }
    if (!changed) return;
    if (mode === "live") this.say(strings.captions.backLive);
    if (mode === "reading") this.say(strings.captions.reading);
    if (mode === "catching-up") this.say(strings.captions.catchingUpAt(Number(this.#speed.value)));
  }

  /** Close the menu; the focus must not get lost with it. */
  #closeMenu() {
    if (this.#menu.hidden) return;
    const focused = this.#menu.contains(document.activeElement);
    this.#showMenu(false);
    if (focused) this.#panel.focus();
  }

  /** @param {boolean} shown */
  #showMenu(shown) {
    this.#menu.hidden = !shown;
    this.#more.setAttribute("aria-expanded", String(shown));
    if (shown) (this.#toLiveNow.hidden ? this.#replay : this.#toLiveNow).focus();
  }

  /** @param {() => void} action */
  #goOn(action) {
    this.#showMenu(false);
    action();
    this.#panel.focus();
  }

  /** Another speed counts at once for who is catching up. */
  #changeSpeed() {
    if (this.#panel.reading.mode !== "catching-up") return;
    this.#catchUp();
    this.say(strings.captions.catchingUpAt(Number(this.#speed.value)));
  }

  #catchUp() {
    localStorage.setItem(SPEED_KEY, this.#speed.value);
    this.#panel.resume("catch-up", Number(this.#speed.value));
  }
}
