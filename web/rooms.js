/** @file The list of rooms, and the form for a new one. */

import { byId, fillTexts, make, reconcile, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { fillKeepOptions, keepDaysOf } from "./keep-options.js";
import { languageOptions } from "./languages.js";
import { linesOf } from "./room-terms.js";
import { SessionUi } from "./session-ui.js";
import { strings } from "./strings.js";
import { dateText } from "./times.js";

/** @typedef {import("./types.js").Room} Room */

const STATES = /** @type {const} */ (["live", "scheduled", "ended"]);
const REFRESH_MS = 10_000;

fillTexts(document);
document.title = `${strings.rooms.title} · ${strings.brand}`;
const session = new SessionUi(byId("session"));

async function refresh() {
  try {
    const lists = await Promise.all(STATES.map((state) => api("GET", `/rooms?state=${state}`)));
    STATES.forEach((state, i) => showRooms(state, lists[i].items));
    byId("lists").hidden = false;
    byId("load-error").hidden = true;
  } catch (error) {
    setText(byId("load-error-text"), /** @type {Error} */ (error).message);
    byId("load-error").hidden = false;
  }
  byId("loading").hidden = true;
}

/**
 * @param {(typeof STATES)[number]} state
 * @param {Room[]} rooms
 */
function showRooms(state, rooms) {
  byId(`${state}-empty`).hidden = rooms.length > 0;
  reconcile(byId(`${state}-list`), rooms, {
    key: (room) => `${room.id} ${room.state} ${room.title}`,
    create: createRoom,
    update: (element, room) => {
      const facts = /** @type {HTMLElement} */ (element.querySelector(".facts"));
      setText(facts, factsOf(room));
    },
  });
}

/** @param {Room} room */
function createRoom(room) {
  const address = `/rooms/${encodeURIComponent(room.id)}`;
  const title = make("a", { href: address, class: "room-link" }, make("bdi", {}, room.title));
  return make(
    "li",
    { class: "card" },
    make("h3", {}, title),
    make("p", { class: "facts" }),
    room.state === "ended" ? endedLinks(room) : null,
  );
}

/** @param {Room} room */
function factsOf(room) {
  const { rooms } = strings;
  const facts = [rooms.host(room.host.name)];
  if (room.state === "live") facts.push(rooms.people(room.participants));
  if (room.state === "scheduled") {
    facts.push(room.starts_at ? rooms.startsAt(dateText(room.starts_at)) : rooms.noTime);
  }
  if (room.state === "ended" && room.ended_at) facts.push(rooms.endedAt(dateText(room.ended_at)));
  if (room.private) facts.push(rooms.isPrivate);
  return facts.join(" · ");
}

/** @param {Room} room */
function endedLinks(room) {
  const { rooms } = strings;
  const transcript = `/v1/rooms/${encodeURIComponent(room.id)}/transcript?download=1`;
  const recordings = `/recordings?room=${encodeURIComponent(room.id)}`;
  return make(
    "p",
    { class: "links" },
    make("a", { href: `${transcript}&format=txt`, "aria-label": rooms.transcriptOf(room.title) }, rooms.transcript),
    make("a", { href: `${transcript}&format=docx`, "aria-label": rooms.documentOf(room.title) }, rooms.document),
    make("a", { href: recordings, "aria-label": rooms.recordingsOf(room.title) }, rooms.recordings),
  );
}

const dialog = byId("create-dialog", HTMLDialogElement);
const form = byId("create-form", HTMLFormElement);

/** @param {SubmitEvent} event */
async function create(event) {
  event.preventDefault();
  const title = byId("create-title-input", HTMLInputElement);
  if (!title.value.trim()) {
    setText(byId("create-error"), strings.rooms.form.needTitle);
    title.focus();
    return;
  }
  try {
    const room = await api("POST", "/rooms", roomWanted(title.value.trim()));
    const now = !byId("create-starts", HTMLInputElement).value;
    if (now) await api("POST", `/rooms/${room.id}/start`);
    location.assign(`/rooms/${encodeURIComponent(room.id)}`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) session.expired();
    setText(byId("create-error"), /** @type {Error} */ (error).message);
    if (error instanceof ApiError && error.field === "terms") byId("create-terms").focus();
  }
}

/** @param {string} title */
function roomWanted(title) {
  const starts = byId("create-starts", HTMLInputElement).value;
  const checked = (/** @type {string} */ id) => byId(id, HTMLInputElement).checked;
  return {
    title,
    language: byId("create-language", HTMLSelectElement).value,
    record: checked("create-record"),
    speaker_tracks: !byId("apart-choice").hidden && checked("create-apart"),
    keep_days: keepDaysOf(byId("create-keep", HTMLSelectElement)),
    open_floor: checked("create-open-floor"),
    translate: !byId("translate-choice").hidden && checked("create-translate"),
    terms: linesOf(byId("create-terms", HTMLTextAreaElement)),
    ...(starts ? { starts_at: new Date(starts).toISOString() } : {}),
  };
}

/** English needs no English captions beside it. */
function showTranslation() {
  const spoken = byId("create-language", HTMLSelectElement).value;
  byId("translate-choice").hidden = spoken === "en";
}

/** What is not recorded is not recorded apart. */
function showApart() {
  byId("apart-choice").hidden = !byId("create-record", HTMLInputElement).checked;
}

byId("create-language").append(...languageOptions());
/** What the site grants is known a moment later. */
async function fillKeeping() {
  const select = byId("create-keep", HTMLSelectElement);
  fillKeepOptions(select, null);
  const site = await api("GET", "/site").catch(() => null);
  if (site) fillKeepOptions(select, site, keepDaysOf(select));
}

void fillKeeping();
showTranslation();
byId("create-record").addEventListener("change", showApart);
byId("create-language").addEventListener("change", showTranslation);
form.addEventListener("submit", (event) => void create(event));
byId("create-cancel").addEventListener("click", () => dialog.close());
byId("create").addEventListener("click", async () => {
  if (!(await session.need())) return;
  setText(byId("create-error"), "");
  dialog.showModal();
});
byId("try-again").addEventListener("click", () => void refresh());
setInterval(() => document.hidden || void refresh(), REFRESH_MS);
await Promise.all([session.restore(), refresh()]);
