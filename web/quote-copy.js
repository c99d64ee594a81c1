/** @file A quote on its way out of the page: the clipboard, or a field to copy it from. */

import { make } from "./dom.js";
import { htmlText, plainText } from "./quote.js";
import { strings } from "./strings.js";

/** @typedef {import("./quote.js").Quote} Quote */

/**
 * Put a quote on the clipboard: as text, and with its looks where the browser can.
 * @param {Quote} quote
 * @returns {Promise<boolean>} false when the browser has no clipboard for pages, or refuses it
 */
export async function copyQuote(quote) {
  /** @type {Clipboard | undefined} there is none on pages without TLS */
  const clipboard = navigator.clipboard;
  const text = plainText(quote);
  if (!clipboard) return false;
  return (await copied(() => writeBoth(clipboard, quote))) || copied(() => clipboard.writeText(text));
}

/**
 * @param {Clipboard} clipboard
 * @param {Quote} quote
 */
function writeBoth(clipboard, quote) {
  const types = { "text/plain": plainText(quote), "text/html": htmlText(quote) };
  const blobs = Object.entries(types).map(([type, text]) => [type, new Blob([text], { type })]);
  return clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}

/** @param {() => Promise<void>} write */
async function copied(write) {
  try {
    await write();
    return true;
  } catch {
    return false;
  }
}

/**
 * Show a quote to copy by hand, selected.
 * @param {Quote} quote
 */
export function showQuote(quote) {
  const { quotes } = strings;
  const area = make("textarea", { id: "quote-text", rows: 6, readonly: true, dir: "auto" });
  const close = make("button", { type: "button", class: "button primary" }, strings.close);
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "quote-title" },
    make("h2", { id: "quote-title" }, quotes.copyYourself),
    make("label", { for: "quote-text" }, quotes.text),
    area,
    make("div", { class: "dialog-actions" }, close),
  );
  area.value = plainText(quote);
  document.body.append(dialog);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  area.focus();
  area.select();
}
