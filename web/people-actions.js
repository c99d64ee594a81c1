/** @file What hosts and co-hosts can do with the people here, as buttons beside their names. */

import { make, reconcile, setText } from "./dom.js";
import { api } from "./http.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Participant} Participant
 * @typedef {{key: string, text: string, name: string, change: Record<string, unknown> | null}} PersonAction
 *   `change` is null for what has been done
 */

const MANAGE = ["host", "cohost"];
const SPEAK = [...MANAGE, "speaker"];

/** The buttons in the list of people; nobody but who manages the room has any. */
export class PeopleActions {
  #room;
  #say;
  #role = "";
  #me = "";
  /** @type {Set<string>} whom this page has invited and who has not answered */
  #invited = new Set();

  /**
   * @param {string} roomId
   * @param {(text: string) => void} say tells everybody, screen readers too
   */
  constructor(roomId, say) {
    this.#room = encodeURIComponent(roomId);
    this.#say = say;
  }

  /**
   * @param {string} role what this page's person is in the room
   * @param {string} me their id
   */
  roleIs(role, me) {
    [this.#role, this.#me] = [role, me];
  }

  /**
   * Give a person's row its buttons; those that stay keep the focus.
   * @param {HTMLElement} row
   * @param {Participant} participant
   */
  decorate(row, participant) {
    this.#hearAnswer(participant);
    const may = MANAGE.includes(this.#role) && participant.role !== "host";
    const actions = may ? actionsFor(participant, participant.user.id === this.#me) : [];
    const place = row.querySelector(".person-actions") ?? make("span", { class: "person-actions" });
    if (actions.length && !place.isConnected) row.append(" ", place);
    reconcile(/** @type {HTMLElement} */ (place), actions, {
      key: ({ key }) => key,
      create: () => make("button", { type: "button", class: "button" }),
      update: (button, { text, name, change }) => {
        setText(button, text);
        button.setAttribute("aria-label", name);
        button.setAttribute("aria-disabled", String(!change));
        button.onclick = () => change && void this.#change(participant, change);
      },
    });
  }

  /** @param {Participant} participant */
  #hearAnswer({ user, role, invited }) {
    if (invited || !this.#invited.delete(user.id)) return;
    const { accepted, declined } = strings.people;
    this.#say(SPEAK.includes(role) ? accepted(user.name) : declined(user.name));
  }

  /**
   * @param {Participant} participant
   * @param {Record<string, unknown>} change
   */
  async #change({ user }, change) {
    try {
      const now = await api("PATCH", `/rooms/${this.#room}/participants/${user.id}`, change);
      if (now?.invited) this.#invited.add(user.id);
      else this.#invited.delete(user.id);
    } catch (error) {
      this.#say(String(/** @type {Error} */ (error).message));
    }
  }
}

/**
 * @param {Participant} participant
 * @param {boolean} isMe
 * @returns {PersonAction[]}
 */
function actionsFor({ user, role, muted }, isMe) {
  const { people, captioner } = strings;
  const speaks = SPEAK.includes(role);
  const captions = role === "captioner";
  /** @type {PersonAction[]} */
  const actions = [];
  const add = (/** @type {string} */ key, /** @type {string} */ text, /** @type {string} */ name, /** @type {PersonAction["change"]} */ change) =>
    actions.push({ key, text, name, change });
  if (!isMe && speaks) add("speak", people.demote, people.demoteOf(user.name), { role: "listener" });
  if (!isMe && !speaks) add("speak", people.invite, people.inviteOf(user.name), { role: "speaker" });
  if (!isMe && speaks) {
    if (muted) add("mute", people.isMuted, people.isMutedOf(user.name), null);
    else add("mute", people.mute, people.muteOf(user.name), { muted: true });
  }
  if (captions) add("captions", captioner.unmake, captioner.unmakeOf(user.name), { role: "listener" });
  else add("captions", captioner.make, captioner.makeOf(user.name), { role: "captioner" });
  return actions;
}
