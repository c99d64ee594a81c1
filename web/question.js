/** @file A question before something is done that cannot be taken back, or that only a person can decide. */

import { make } from "./dom.js";
import { strings } from "./strings.js";

let number = 0;

/**
 * Ask; Escape is a no, and leads back to where the focus was.
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text
 * @param {string} question.yes
 * @param {string} [question.no]
 * @param {readonly Node[]} [more] what is looked at before answering
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, yes, no = strings.cancel }, more = []) {
  number += 1;
  const [titleId, textId] = [`question-${number}`, `question-text-${number}`];
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": titleId, "aria-describedby": textId },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: titleId }, title),
      make("p", { id: textId }, text),
      ...more,
      make(
        "div",
        { class: "dialog-actions" },
        make("button", { class: "button", value: "no" }, no),
        make("button", { class: "button primary", value: "yes" }, yes),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
