/**
 * @file The listener's end of `captions.v1`: it stays connected, and goes on where it stopped.
 * The socket, the timers and chance are given, so that tests run without any of them.
 */

/**
 * @typedef {import("./types.js").ServerMessage} ServerMessage
 * @typedef {"connecting" | "open" | "lost" | "closed"} Connection
 * @typedef {"live" | "replay" | "catch-up"} ResumeMode
 *
 * @typedef {object} ClientOptions
 * @property {(after: number) => string} address gives the address; `after` is 0 at first
 * @property {() => number} latestSeq the newest entry that is safely here
 * @property {(message: ServerMessage) => void} onMessage
 * @property {(connection: Connection, code: number) => void} onConnection
 * @property {(address: string, protocol: string) => WebSocket} [open]
 * @property {(action: () => void, delayMs: number) => number} [later]
 * @property {(timer: number) => void} [cancel]
 * @property {() => number} [chance]
 */

export const PROTOCOL = "captions.v1";
/**
 * Close codes after which trying again cannot help.
 * @type {Readonly<Record<"badToken" | "noRight" | "noRoom", number>>}
 */
export const REFUSED = Object.freeze({ badToken: 4401, noRight: 4403, noRoom: 4404 });

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** Who is cut off has to be told so within seconds. */
const PING_EVERY_MS = 4000;
const SILENCE_MS = 3000;
/** An attempt that nobody answers is over after this long: a browser would wait for minutes. */
const ATTEMPT_MS = 8000;

/**
 * How long to wait before the next attempt: doubling, with jitter so that listeners spread out.
 * @param {number} attempt from 0
 * @param {number} chance 0 to 1
 */
export function retryDelayMs(attempt, chance) {
  const longest = Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS);
  return longest * (0.5 + chance / 2);
}

/** One listener's connection to a room's captions. */
export class CaptionsClient {
  #options;
  /** @type {WebSocket | null} */
  #socket = null;
  #attempt = 0;
  #retryTimer = 0;
  #beatTimer = 0;
  #stopped = false;
  /** Whether the server said that trying again is of no use to who is signed in now. */
  #refused = false;
  #paused = false;

  /** @param {ClientOptions} options */
  constructor(options) {
    this.#options = {
      open: (/** @type {string} */ address, /** @type {string} */ protocol) =>
        new WebSocket(address, protocol),
      later: (/** @type {() => void} */ action, /** @type {number} */ delayMs) =>
        Number(setTimeout(action, delayMs)),
      cancel: (/** @type {number} */ timer) => clearTimeout(timer),
      chance: Math.random,
      ...options,
    };
  }

  /** Connect now; also what to do when the network is back. */
  connect() {
    if (this.#stopped || this.#refused || this.#socket) return;
    this.#options.cancel(this.#retryTimer);
    this.#options.onConnection("connecting", 0);
    const address = this.#options.address(this.#options.latestSeq());
    const socket = this.#options.open(address, PROTOCOL);
    this.#socket = socket;
    this.#beatTimer = this.#options.later(() => this.giveUp(), ATTEMPT_MS);
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = (event) => this.#lost(socket, event.code);
  }

  /** Connect anew, as who is signed in now; captions go on where they are. */
  reconnect() {
    if (this.#stopped || !(this.#socket || this.#refused)) return;
    const socket = this.#socket;
    [this.#socket, this.#refused] = [null, false];
    this.#clearTimers();
    socket?.close();
    this.connect();
  }

  /** Hang up for good. */
  stop() {
    this.#stopped = true;
    this.#clearTimers();
    this.#socket?.close();
    this.#socket = null;
  }

  /** Ask the server to hold captions back and count them; it is said again after a reconnect. */
  pause() {
    this.#paused = true;
    this.send({ type: "pause" });
  }

  /**
   * @param {ResumeMode} mode
   * @param {number} [wpm] words per minute, for catch-up
   */
  resume(mode, wpm) {
    this.#paused = false;
    this.send(wpm === undefined ? { type: "resume", mode } : { type: "resume", mode, wpm });
  }

  /**
   * Ask for entries below a number, or around a time; one `history` answers.
   * @param {{before?: number, at?: number, instance?: number, limit: number}} page `limit` is at most 500
   * @returns {boolean} false when there is no connection to ask on
   */
  scrollback(page) {
    return this.send({ type: "scrollback", ...page });
  }

  /**
   * @param {Record<string, unknown>} message
   * @returns {boolean} whether it could be sent
   */
  send(message) {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #opened() {
    if (this.#paused) this.send({ type: "pause" });
    this.#beat();
    this.#options.onConnection("open", 0);
  }

  /** @param {unknown} data */
  #received(data) {
    this.#attempt = 0;
    this.#beat();
    const message = parse(data);
    if (message) this.#options.onMessage(message);
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   */
  #lost(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#clearTimers();
    if (this.#stopped) return;
    if (Object.values(REFUSED).includes(code)) {
      this.#refused = code !== REFUSED.badToken;
      this.#options.onConnection("closed", code);
      return;
    }
    this.#options.onConnection("lost", code);
    const delayMs = retryDelayMs(this.#attempt++, this.#options.chance());
    this.#retryTimer = this.#options.later(() => this.connect(), delayMs);
  }

  /** A silent connection is asked for a sign of life, and given up when none comes. */
  #beat() {
    this.#options.cancel(this.#beatTimer);
    this.#beatTimer = this.#options.later(() => {
      this.send({ type: "ping" });
      this.#beatTimer = this.#options.later(() => this.giveUp(), SILENCE_MS);
    }, PING_EVERY_MS);
  }

  /** Hold the connection for lost, as when the network is gone; a new one is tried soon. */
  giveUp() {
    const socket = this.#socket;
    if (!socket) return;
    socket.close();
    this.#lost(socket, 1006);
  }

  #clearTimers() {
    this.#options.cancel(this.#retryTimer);
    this.#options.cancel(this.#beatTimer);
  }
}

/**
 * @param {unknown} data
 * @returns {ServerMessage | null} null for what is not a message
 */
export function parse(data) {
  try {
    const message = JSON.parse(String(data));
    return typeof message?.type === "string" ? message : null;
  } catch {
    return null;
  }
}
