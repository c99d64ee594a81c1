/**
 * @file Keeps a listener's alert words: in this browser, and on the server for who is signed in. They are
 * private: an account's leave the browser with who signs out.
 */

import { api, token } from "./http.js";

const KEY = "roomscribe.alert-words";
/** The server takes no more. */
export const MOST = 50;
export const LONGEST = 80;

/** @typedef {{words: string[], owner: string, unsaved: boolean}} Kept `owner` is empty for a guest */

/** One list for every page of this browser, and of the signed-in listener's other devices. */
export class WordsKeeper {
  #kept = read();
  /** @type {(() => void)[]} */
  #listeners = [];
  #me = "";

  constructor() {
    addEventListener("storage", (event) => {
      if (event.key === KEY) this.#use(read());
    });
    addEventListener("online", () => void this.fetch());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.fetch();
    });
  }

  get words() {
    return this.#kept.words;
  }

  /** @param {() => void} listener called after every change, and now */
  onChange(listener) {
    this.#listeners.push(listener);
    listener();
  }

  /**
   * Somebody signed in or out, or was found to be signed in.
   * @param {string} id empty for a guest
   */
  meIs(id) {
    this.#me = id;
    const { owner } = this.#kept;
    const unsure = !id && token(); // the server could not be asked who that is
    if (owner && owner !== id && !unsure) this.#keep({ words: [], owner: id, unsaved: false });
    void this.fetch();
  }

  /**
   * Keep other words. They count at once, whatever comes of the server.
   * @param {readonly string[]} written one a line, empty ones left out
   * @throws {import("./http.js").ApiError} when the server did not keep them
   */
  async save(written) {
    const words = cleaned(written);
    this.#keep({ words, owner: this.#me, unsaved: Boolean(this.#me) });
    if (this.#me && token()) await this.#upload();
  }

  /**
   * Take the account's words. A guest's are added to them; what the server does not have yet goes there.
   */
  async fetch() {
    if (!this.#me || !token()) return;
    const answer = await api("GET", "/me/alert-words").catch(() => null);
    if (!answer) return;
    const { words, owner, unsaved } = this.#kept;
    if (unsaved) return void this.#upload().catch(() => {});
    const theirs = answer.words ?? [];
    const all = owner ? theirs : cleaned([...theirs, ...words]);
    const more = all.length > theirs.length;
    if (more || !same(all, words) || !owner) this.#keep({ words: all, owner: this.#me, unsaved: more });
    if (more) await this.#upload().catch(() => {});
  }

  async #upload() {
    const sent = this.#kept;
    await api("PUT", "/me/alert-words", { words: sent.words });
    if (this.#kept === sent) this.#keep({ ...sent, unsaved: false });
  }

  /** @param {Kept} kept */
  #keep(kept) {
    localStorage.setItem(KEY, JSON.stringify(kept));
    this.#use(kept);
  }

  /** @param {Kept} kept */
  #use(kept) {
    const changed = !same(kept.words, this.#kept.words);
    this.#kept = kept;
    if (changed) for (const listener of this.#listeners) listener();
  }
}

/**
 * @param {readonly unknown[]} written
 * @returns {string[]}
 */
export function cleaned(written) {
  /** @type {Map<string, string>} */
  const words = new Map();
  for (const one of written) {
    if (typeof one !== "string") continue;
    const word = [...one.trim().split(/\s+/u).join(" ")].slice(0, LONGEST).join("");
    const name = word.toLowerCase();
    if (word && !words.has(name)) words.set(name, word);
  }
  return [...words.values()].slice(0, MOST);
}

/** @returns {Kept} */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const words = Array.isArray(kept.words) ? cleaned(kept.words) : [];
    return { words, owner: String(kept.owner ?? ""), unsaved: Boolean(kept.unsaved) };
  } catch {
    return { words: [], owner: "", unsaved: false };
  }
}

/**
 * @param {readonly string[]} one
 * @param {readonly string[]} other
 */
function same(one, other) {
  return one.length === other.length && one.every((word, i) => word === other[i]);
}
