/** @file The list of recordings, with what can be downloaded of each. */

import { byId, fillTexts, make, reconcile, setText } from "./dom.js";
import { api } from "./http.js";
import { downloads, lossesOf } from "./recording-links.js";
import { SessionUi } from "./session-ui.js";
import { strings } from "./strings.js";
import { clock, dateText, isoDuration } from "./times.js";

/** @typedef {import("./types.js").Recording} Recording */

fillTexts(document);
document.title = `${strings.recordings.title} · ${strings.brand}`;
const session = new SessionUi(byId("session"));

async function refresh() {
  const room = new URLSearchParams(location.search).get("room");
  try {
    const path = room ? `/rooms/${encodeURIComponent(room)}/recordings` : "/recordings";
    const { items } = await api("GET", path);
    reconcile(byId("recordings"), /** @type {Recording[]} */ (items), {
      key: ({ id, phase, title, published }) => `${id} ${phase} ${title} ${published}`,
      create: createRecording,
      update: () => {},
    });
    byId("empty").hidden = items.length > 0;
    byId("load-error").hidden = true;
  } catch (error) {
    setText(byId("load-error-text"), /** @type {Error} */ (error).message);
    byId("load-error").hidden = false;
  }
  byId("loading").hidden = true;
}

/** @param {Recording} recording */
function createRecording(recording) {
  const { recordings } = strings;
  const address = `/recordings/${encodeURIComponent(recording.id)}`;
  const length = make(
    "time",
    { datetime: isoDuration(recording.duration_s) },
    recordings.length(clock(recording.duration_s)),
  );
  const facts = make("p", { class: "facts" }, dateText(recording.started_at), " · ", length);
  if (recording.phase === "recording") facts.append(` · ${recordings.inProgress}`);
  if (recording.phase === "finishing") facts.append(` · ${recordings.finishing}`);
  if (recording.published === false) facts.append(" · ", make("strong", {}, recordings.isUnpublished));
  return make(
    "li",
    { class: "card" },
    make("h2", {}, make("a", { href: address, class: "room-link" }, make("bdi", {}, recording.title))),
    facts,
    lossesOf(recording),
    downloads(recording),
  );
}

/** Say once what was done on another page. */
function sayWhatWasDone() {
  const query = new URLSearchParams(location.search);
  if (!query.has("deleted")) return;
  history.replaceState(null, "", location.pathname);
  setText(byId("said"), strings.recordings.deleted);
}

byId("try-again").addEventListener("click", () => void refresh());
await session.restore();
await refresh(); // as who is signed in: hosts see more
sayWhatWasDone();
session.onChange = () => void refresh();
