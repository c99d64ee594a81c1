/** @file What the host wants of this page's person, or took from them: an alert until it is answered. */

import { api } from "./http.js";
import { lossOf } from "./own-standing.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./own-standing.js").Standing} Standing
 *
 * @typedef {object} InvitationParts
 * @property {import("./alert-stack.js").AlertStack} stack
 * @property {import("./attention.js").Attention} attention
 * @property {() => string} me the id of who is signed in, or ""
 * @property {{speak: () => void, type: () => void}} [ways] how to speak here; absent where nobody can
 */

/** Shows invitations to speak, and who muted, demoted or removed this page's person. */
export class Invitation {
  #path;
  #parts;
  /** @type {Standing | null} */
  #standing = null;

  /**
   * @param {string} roomId
   * @param {InvitationParts} parts
   */
  constructor(roomId, parts) {
    this.#path = `/rooms/${encodeURIComponent(roomId)}`;
    this.#parts = parts;
  }

  /** Whether an invitation waits for its answer. */
  get open() {
    return Boolean(this.#standing?.invited_by);
  }

  /** Somebody else uses this page now, or nobody. */
  forget() {
    this.#standing = null;
    this.#parts.stack.hide("invitation");
    this.#parts.stack.hide("loss");
  }

  /** @param {Standing} now */
  standingIs(now) {
    const loss = lossOf(this.#standing, now, this.#parts.me());
    const invited = now.invited_by && !this.open;
    this.#standing = now;
    if (!now.invited_by) this.#parts.stack.hide("invitation");
    if (invited) this.#invite(now.invited_by?.name ?? "");
    if (loss) this.#tell(strings.standing[loss](now.by?.name ?? strings.standing.someone));
  }

  /** Accept: the right to speak is here already. */
  async accept() {
    await api("POST", `${this.#path}/join`, { as: "speaker" });
  }

  /** @param {string} name */
  #invite(name) {
    const { stack, attention, ways } = this.#parts;
    const { invited, elsewhere, speak, type, notNow } = strings.standing;
    const text = invited(name);
    const actions = ways
      ? [
          { text: speak, run: () => void this.#answer(() => this.accept(), ways.speak) },
          { text: type, run: () => void this.#answer(() => this.accept(), ways.type) },
          { text: notNow, run: () => void this.#answer(() => this.#decline()) },
        ]
      : [];
    const shown = ways ? text : `${text} ${elsewhere}`;
    stack.show({ key: "invitation", text: shown, actions }, { announce: true });
    attention.call(text);
  }

  /**
   * @param {() => Promise<void>} send
   * @param {() => void} [then]
   */
  async #answer(send, then = () => this.#parts.stack.tell(strings.standing.declined)) {
    try {
      await send();
    } catch (error) {
      this.#parts.stack.tell(/** @type {Error} */ (error).message);
      return;
    }
    this.#parts.stack.hide("invitation");
    then();
  }

  async #decline() {
    await api("PATCH", `${this.#path}/participants/${this.#parts.me()}`, { role: "listener" });
  }

  /** @param {string} text */
  #tell(text) {
    const { stack, attention } = this.#parts;
    const actions = [{ text: strings.alerts.dismiss, run: () => stack.hide("loss") }];
    stack.show({ key: "loss", text, actions }, { announce: true });
    attention.call(text);
  }
}
