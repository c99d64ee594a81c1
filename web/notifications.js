/** @file The page of what a person was told, and of their saved searches. */

import { byId, fillTexts, setText } from "./dom.js";
import { ApiError } from "./http.js";
import { NotificationList } from "./notification-list.js";
import { SavedSearchList } from "./saved-search-list.js";
import { SessionUi } from "./session-ui.js";
import { strings } from "./strings.js";

/** News that come at once are asked for once. */
const AFTER_MS = 200;

fillTexts(document);
document.title = `${strings.notifications.title} · ${strings.brand}`;
const session = new SessionUi(byId("session"));
const say = (/** @type {string} */ text) => setText(byId("said"), text);
const searches = new SavedSearchList(say);
const told = new NotificationList({ say, onStop: (id, name) => searches.turn(id, false, name) });
let waiting = 0;

async function refresh() {
  const known = Boolean(session.user);
  byId("sign-in").hidden = known;
  byId("lists").hidden = !known;
  byId("load-error").hidden = true;
  if (known) await load();
  byId("loading").hidden = true;
}

async function load() {
  try {
    await Promise.all([told.refresh(), searches.refresh()]);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return session.expired();
    setText(byId("load-error-text"), /** @type {Error} */ (error).message);
    byId("load-error").hidden = false;
  }
}

session.onChange = () => {
  told.forget();
  searches.forget();
  say("");
  void refresh();
};
session.bell.onNews = () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => void told.refresh().catch(() => {}), AFTER_MS);
};
byId("sign-in-button").addEventListener("click", () => void session.need());
byId("try-again").addEventListener("click", () => void refresh());
await session.restore();
await refresh();
