/** @file The list of recordings, with what can be downloaded of each. */

import { byId, fillTexts, make, reconcile, setText } from "./dom.js";
import { MORE_LOOKS, captioningText, isGoingOn } from "./captioning.js";
import { api } from "./http.js";
import { ImportView } from "./import-view.js";
import { ask } from "./question.js";
import { progressText } from "./recording-progress.js";
import { downloads, lossesOf } from "./recording-links.js";
import { SessionUi } from "./session-ui.js";
import { strings } from "./strings.js";
import { clock, dateText, isoDuration } from "./times.js";

/** @typedef {import("./types.js").Recording} Recording */

const REFRESH_MS = 2000;

fillTexts(document);
document.title = `${strings.recordings.title} · ${strings.brand}`;
const session = new SessionUi(byId("session"));
let waiting = 0;
let looks = 0;

async function refresh() {
  const room = new URLSearchParams(location.search).get("room");
  try {
    const path = room ? `/rooms/${encodeURIComponent(room)}/recordings` : "/recordings";
    const { items } = await api("GET", path);
    reconcile(byId("recordings"), /** @type {Recording[]} */ (items), {
      key: ({ id, phase, title, published, delete_at: at, may_decide: may }) =>
        [id, phase, title, published, dateText(at), may].join(" "),
      create: createRecording,
      update: showProgress,
    });
    refreshWhile(items.some(isSeen));
    byId("empty").hidden = items.length > 0;
    byId("load-error").hidden = true;
  } catch (error) {
    setText(byId("load-error-text"), /** @type {Error} */ (error).message);
    byId("load-error").hidden = false;
    refreshWhile(looks > 0);
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
    announcedEnd(recording),
    make("div", { class: "making" }),
    make("p", { class: "error", role: "alert" }),
    lossesOf(recording),
    downloads(recording),
  );
}

/**
 * That a recording will be deleted soon; hosts can keep it.
 * @param {Recording} recording
 */
function announcedEnd({ id, title, delete_soon: soon, delete_at: at, may_decide: may }) {
  if (!soon) return null;
  const { announced, keep, keepOf, kept } = strings.tools.keep;
  const notice = make("div", { class: "notice" }, make("p", {}, announced(dateText(at))));
  if (!may) return notice;
  const button = make("button", { type: "button", class: "button", "aria-label": keepOf(title) }, keep);
  button.addEventListener("click", async () => {
    failedAt(button, "");
    try {
      await api("PATCH", `/recordings/${encodeURIComponent(id)}`, { kept: true });
      await refresh();
      setText(byId("said"), kept);
      byId("said").focus();
    } catch (error) {
      failedAt(button, /** @type {Error} */ (error).message);
    }
  });
  notice.append(button);
  return notice;
}

/**
 * What went wrong with a recording is said where its button is.
 * @param {HTMLElement} button
 * @param {string} text
 */
function failedAt(button, text) {
  const place = /** @type {HTMLElement | null | undefined} */ (button.closest(".card")?.querySelector(".error"));
  if (place) setText(place, text);
}

/** Say once what was done on another page. */
function sayWhatWasDone() {
  const query = new URLSearchParams(location.search);
  if (!query.has("deleted")) return;
  history.replaceState(null, "", location.pathname);
  setText(byId("said"), strings.recordings.deleted);
}

/**
 * How far a recording is on its way, in the list.
 * @param {HTMLElement} card
 * @param {Recording} recording
 */
function showProgress(card, recording) {
  const place = /** @type {HTMLElement} */ (card.querySelector(".making"));
  const text = progressText(recording.progress) || captioningText(recording.captioning);
  const words = place.querySelector("p") ?? make("p", { class: "facts" });
  setText(words, text);
  const button = place.querySelector("button");
  if (!text) place.replaceChildren();
  else if (!words.isConnected) place.prepend(words);
  if (!isImport(recording)) button?.remove();
  else if (!button) place.append(endButton(recording));
}

/**
 * Whether it is a file that is not all imported yet, which is somebody's to end.
 * @param {Recording} recording
 */
function isImport({ progress, captioning, may_decide: mine }) {
  return Boolean(mine) && (progress?.step === "converting" || isBeingCaptioned(captioning));
}

/**
 * Where captions have failed, the recording is there and can be played.
 * @param {Recording["captioning"]} captioning
 */
function isBeingCaptioned(captioning) {
  return captioning?.purpose === "captions" && captioning.step !== "failed";
}

/** @param {Recording} recording */
function endButton({ id, title }) {
  const { end, endOf, endTitle, endText, ended } = strings.import;
  const button = make("button", { type: "button", class: "button", "aria-label": endOf(title) }, end);
  button.addEventListener("click", async () => {
    if (!(await ask({ title: endTitle, text: endText, yes: end }))) return;
    failedAt(button, "");
    try {
      await api("DELETE", `/recordings/${encodeURIComponent(id)}`);
      setText(byId("import-status"), ended(title));
      byId("main").focus();
    } catch (error) {
      failedAt(button, /** @type {Error} */ (error).message);
    }
    await refresh();
  });
  return button;
}

/**
 * Whether what is seen of a recording here will soon be something else.
 * @param {Recording} recording
 */
function isSeen(recording) {
  const { captioning } = recording;
  const mayWaitLong = captioning?.purpose === "second-pass" && captioning.step === "waiting";
  return isGoingOn(mayWaitLong ? { ...recording, captioning: null } : recording);
}

/**
 * Ask again in a moment: what is on its way changes by itself.
 * @param {boolean} goingOn
 */
function refreshWhile(goingOn) {
  looks = goingOn ? MORE_LOOKS : looks - 1;
  clearTimeout(waiting);
  if (looks > 0) waiting = setTimeout(() => void refresh(), REFRESH_MS);
}

const imports = new ImportView({ session, onImported: () => void refresh() });
session.onChange = () => void refresh();

byId("try-again").addEventListener("click", () => void refresh());
await session.restore();
await Promise.all([imports.offer(), refresh()]); // as who is signed in: hosts see more
sayWhatWasDone();
