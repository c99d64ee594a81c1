/**
 * @file Being in a room without its sound, as who cannot hear it is: shown among the people here, so
 * that the host can invite them to speak. It lasts through reloads and ends with the page.
 */

import { byId, setText } from "./dom.js";
import { api, authorization, request } from "./http.js";
import { strings } from "./strings.js";

/** The button for who is signed in and has not joined. */
export class Presence {
  #path;
  #key;
  #say;
  #button = byId("join", HTMLButtonElement);
  #live = false;
  #signedIn = false;
  #role = "";
  #asking = false;

  /**
   * @param {string} roomId
   * @param {(text: string) => void} say
   */
  constructor(roomId, say) {
    this.#path = `/rooms/${encodeURIComponent(roomId)}`;
    this.#key = `roomscribe.joined.${roomId}`;
    this.#say = say;
    this.#button.addEventListener("click", () => void (this.joined ? this.#leave() : this.#join()));
    addEventListener("pagehide", () => this.joined && this.#hangUp());
  }

  /** Whether this person has joined without sound, and is to stay when the sound ends. */
  get joined() {
    return sessionStorage.getItem(this.#key) !== null;
  }

  /**
   * @param {{live: boolean, signedIn: boolean}} now
   */
  roomIs({ live, signedIn }) {
    [this.#live, this.#signedIn] = [live, signedIn];
    this.#stay();
  }

  /** Who joined here uses this page no more. */
  forget() {
    sessionStorage.removeItem(this.#key);
    this.#draw();
  }

  /** @param {string} role what this page's person is in the room, empty when they are not there */
  roleIs(role) {
    this.#role = role;
    this.#stay();
  }

  /** Join again who had joined: the page that was here before the reload has left. */
  #stay() {
    if (!this.#role && this.joined && this.#live && this.#signedIn) void this.#join();
    this.#draw();
  }

  async #join() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      await api("POST", `${this.#path}/join`, { as: "listener" });
      if (!this.joined) this.#say(strings.standing.joined);
      sessionStorage.setItem(this.#key, "yes");
    } catch (error) {
      sessionStorage.removeItem(this.#key);
      this.#say(/** @type {Error} */ (error).message);
    } finally {
      this.#asking = false;
      this.#draw();
    }
  }

  async #leave() {
    sessionStorage.removeItem(this.#key);
    await api("POST", `${this.#path}/leave`).catch(() => null); // the room may be over
    this.#say(strings.standing.left);
    this.#draw();
  }

  /** The page goes: the browser sends this after it is gone. */
  #hangUp() {
    const init = { method: "POST", headers: authorization(), keepalive: true };
    request(`/v1${this.#path}/leave`, init).catch(() => {});
  }

  #draw() {
    const { join, leave } = strings.standing;
    this.#button.hidden = !this.#live || !this.#signedIn || (Boolean(this.#role) && !this.joined);
    setText(this.#button, this.joined ? leave : join);
  }
}
