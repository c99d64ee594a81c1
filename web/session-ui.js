/** @file Signing in by name: the corner of the page, and the dialog when a name is needed. */

import { make, setText } from "./dom.js";
import { signIn, signOut, whoAmI } from "./http.js";
import { NotificationBell } from "./notification-bell.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Person} Person */

/** Who uses this page. */
export class SessionUi {
  /** @type {Person | null} */
  user = null;
  /** Told when somebody signed in or out. */
  onChange = () => {};
  /** What who is signed in is told. */
  bell = new NotificationBell();
  #corner;
  #name = make("span", { class: "who" });
  #button = make("button", { type: "button", class: "button" });

  /** @param {HTMLElement} corner */
  constructor(corner) {
    this.#corner = corner;
    this.#button.addEventListener("click", () => (this.user ? this.#leave() : this.need()));
    corner.append(this.#name, this.bell.link, this.#button);
    this.#show();
  }

  /** Find out who is signed in already. */
  async restore() {
    this.user = await whoAmI();
    this.#show();
  }

  /**
   * The person, after asking for a name when there is none.
   * @returns {Promise<Person | null>} null when the dialog was closed
   */
  async need() {
    if (this.user) return this.user;
    const user = await askForName();
    if (user) {
      this.user = user;
      this.#show();
      this.onChange();
    }
    return user;
  }

  /** The token is no longer good. */
  expired() {
    this.#leave();
  }

  #leave() {
    signOut();
    this.user = null;
    this.#show();
    this.onChange();
  }

  #show() {
    setText(this.#name, this.user ? strings.session.signedInAs(this.user.name) : "");
    this.#name.hidden = !this.user;
    setText(this.#button, this.user ? strings.session.signOut : strings.session.signIn);
    this.#corner.hidden = false;
    this.bell.meIs(this.user);
  }
}

/** @returns {Promise<Person | null>} */
function askForName() {
  const { title, name, hint, signIn: submit } = strings.session;
  const input = make("input", {
    id: "sign-in-name",
    required: true,
    maxlength: 60,
    autocomplete: "nickname",
    "aria-describedby": "sign-in-hint sign-in-error",
  });
  const error = make("p", { id: "sign-in-error", class: "error", role: "alert" });
  const cancel = make("button", { type: "button", class: "button" }, strings.cancel);
  const form = make(
    "form",
    { novalidate: true },
    make("h2", { id: "sign-in-title" }, title),
    make("label", { for: "sign-in-name" }, name),
    input,
    make("p", { id: "sign-in-hint", class: "hint" }, hint),
    error,
    make("div", { class: "dialog-actions" }, cancel, make("button", { class: "button primary" }, submit)),
  );
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "sign-in-title" }, form);
  document.body.append(dialog);
  dialog.showModal();
  input.focus();
  return new Promise((resolve) => {
    /** @type {Person | null} */
    let user = null;
    cancel.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      user = await tryToSignIn(input, error);
      if (user) dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(user);
    });
  });
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} error
 * @returns {Promise<Person | null>}
 */
async function tryToSignIn(input, error) {
  const name = input.value.trim();
  if (!name) {
    setText(error, strings.errors.needName);
    input.focus();
    return null;
  }
  try {
    return await signIn(name);
  } catch (problem) {
    setText(error, String(/** @type {Error} */ (problem).message));
    input.focus();
    return null;
  }
}
