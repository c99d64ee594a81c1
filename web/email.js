/**
 * @file The page that links in e-mails lead to: it asks before anything is done, because mail programs
 * follow links by themselves to look for harm.
 */

import { byId, fillTexts, setText } from "./dom.js";
import { api } from "./http.js";
import { strings } from "./strings.js";

fillTexts(document);
const asked = new URLSearchParams(location.search);
const { confirm, stop, unknown } = strings.email;
const [confirmKey, stopKey] = [asked.get("confirm"), asked.get("stop")];
const what = confirmKey ? confirm : stopKey ? stop : unknown;
const button = byId("yes");

setText(byId("title"), what.title);
setText(byId("text"), what.text);
document.title = `${what.title} · ${strings.brand}`;
if (confirmKey || stopKey) {
  setText(button, what.yes);
  button.hidden = false;
  button.addEventListener("click", () => void answer());
}

async function answer() {
  setText(byId("error"), "");
  try {
    const { address } = confirmKey
      ? await api("POST", "/email/confirm", { key: confirmKey })
      : await api("POST", `/email/stop?key=${encodeURIComponent(stopKey ?? "")}`);
    setText(byId("done"), what.done(address));
    byId("main").focus(); // the button goes
    button.hidden = true;
  } catch (error) {
    setText(byId("error"), /** @type {Error} */ (error).message);
  }
}
