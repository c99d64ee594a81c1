/** @file The captioner's console: take over from the recogniser, type, correct. */

import { expand, readAbbreviations } from "./abbreviations.js";
import { CaptionStore } from "./caption-store.js";
import { CaptionerList } from "./captioner-list.js";
import { CaptionsClient, REFUSED } from "./captions-client.js";
import { byId, fillTexts, make, reconcile, setText } from "./dom.js";
import { ApiError, api, token } from "./http.js";
import { LineWriter, cutPieces, cutSentences } from "./line-writer.js";
import { revisionsBehindMarks } from "./revisions.js";
import { SessionUi } from "./session-ui.js";
import { strings } from "./strings.js";

/** What is typed is sent this often at most. */
const SEND_EVERY_MS = 120;
/** Who writes gives a sign of life this often: the recogniser goes on after 10 s without one. */
const PING_EVERY_MS = 2500;
const PAGE = 100;
const MOST_NAMES = 9;
const KEYS = {
  abbreviations: "roomscribe.captioner.abbreviations",
  reaction: "roomscribe.captioner.reaction",
  sentences: "roomscribe.captioner.sentences",
};
const USUAL_REACTION_S = 1.5;

const roomId = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
fillTexts(document);
const session = new SessionUi(byId("session"));
const list = new CaptionerList(roomId);
const store = new CaptionStore();
const line = byId("line", HTMLTextAreaElement);
const writer = new LineWriter(Math.random().toString(36).slice(2, 10));
const client = new CaptionsClient({
  address: captionsAddress,
  latestSeq: () => store.latestSeq,
  onMessage: receive,
  onConnection: connectionChanged,
});
/** @type {import("./types.js").Person | null} */
let captioner = null;
/** Whether this page is to write, also after an outage. */
let wanted = false;
/** Whether the server has said so on this connection. */
let confirmed = false;
let connected = false;
let live = false;
let offRecord = false;
let sendTimer = 0;
let firstSeq = 0;
let abbreviations = readAbbreviations("");

/** @param {number} after */
function captionsAddress(after) {
  const url = new URL(`/v1/rooms/${encodeURIComponent(roomId)}/captions`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (token()) url.searchParams.set("token", token());
  url.searchParams.set("track", "");
  if (after) url.searchParams.set("after", String(after));
  return url.href;
}

/** @param {import("./types.js").ServerMessage} message */
function receive(message) {
  switch (message.type) {
    case "welcome":
      welcome(message);
      break;
    case "final":
      isFinal(message);
      store.add(message);
      drawList();
      break;
    case "correction":
    case "gap":
      store.add(message);
      drawList();
      break;
    case "history":
      for (const item of message.items) if (item.type === "final") isFinal(item);
      store.addHistory(message);
      drawList();
      break;
    case "interim":
      if (message.done) isFinal(message);
      store.setInterim(message);
      drawNow();
      break;
    case "status":
      captionerIs(message.captioner ?? null);
      break;
    case "captioning":
      captionerIs(message.captioner);
      if (isMine() && wanted) goOn();
      break;
    case "room":
      live = message.state === "live";
      offRecord = live && message.recording === "off-record";
      void loadNames();
      drawState();
      break;
    case "error":
      refused(message);
      break;
  }
}

/** @param {import("./types.js").WelcomeMessage} message */
function welcome(message) {
  firstSeq = message.first_seq;
  live = message.live;
  offRecord = live && message.recording === "off-record";
  if (message.title) setTitle(message.title);
  store.clearInterims();
  confirmed = false;
  captioner = message.engine?.captioner ?? null;
  if (wanted) takeOver();
  void loadNames();
  drawState();
}

/** @param {import("./types.js").FinalMessage | import("./types.js").InterimMessage} message */
function isFinal({ id, text }) {
  writer.type(line.value);
  const rest = writer.isFinal(id, text);
  if (rest !== null) line.value = rest;
}

/** The server has given the room to this connection: send what it may not have. */
function goOn() {
  confirmed = true;
  for (const message of writer.again()) client.send(message);
  writer.type(line.value);
  sendLine();
  drawState();
}

/** @param {import("./types.js").Person | null} person */
function captionerIs(person) {
  const had = isMine();
  captioner = person;
  if (had && !isMine() && confirmed) stopWriting();
  drawState();
}

/** @param {{code: string, message: string}} error */
function refused({ code, message }) {
  setText(byId("problem"), message);
  if (["not-allowed", "conflict", "room-not-live", "not-signed-in"].includes(code)) stopWriting();
  drawState();
}

/** Somebody else writes now; what was not taken is given back to the captioner. */
function stopWriting() {
  wanted = confirmed = false;
  const lost = writer.refused();
  if (lost) line.value = `${lost} ${line.value}`.trim();
}

function isMine() {
  return captioner !== null && captioner.id === session.user?.id;
}

function takeOver() {
  wanted = true;
  client.send({ type: "take-over", reaction: reactionS() });
}

async function toggle() {
  setText(byId("problem"), "");
  if (wanted) {
    if (confirmed && connected) finish();
    else stopWriting(); // nobody would take what is not sent
    wanted = confirmed = false;
    client.send({ type: "hand-back" });
  } else if (session.user) takeOver();
  else wanted = (await session.need()) !== null; // it comes with the new connection
  line.focus();
  drawState();
}

function sendLine() {
  clearTimeout(sendTimer);
  sendTimer = 0;
  const message = confirmed && connected ? writer.news() : null;
  if (message) client.send(message);
}

/** What was typed changed: write out abbreviations, finish sentences, and send the rest soon. */
function typed() {
  const expanded = expand(line.value, line.selectionEnd, abbreviations);
  if (expanded) {
    line.value = expanded.text;
    line.setSelectionRange(expanded.cursor, expanded.cursor);
  }
  if (!wanted) return;
  if (byId("sentences", HTMLInputElement).checked && line.selectionEnd === line.value.length) {
    const { texts, rest } = cutSentences(line.value);
    for (const text of texts) finishLine(text);
    if (texts.length) line.value = rest;
  }
  writer.type(line.value);
  if (!sendTimer) sendTimer = Number(setTimeout(sendLine, SEND_EVERY_MS));
}

/** @param {string} text */
function finishLine(text) {
  for (const piece of cutPieces(text)) {
    const message = writer.finish(piece);
    if (message && confirmed && connected) client.send(message);
  }
}

function finish() {
  const expanded = expand(`${line.value} `, line.value.length + 1, abbreviations);
  finishLine(expanded?.text ?? line.value);
  line.value = "";
}

/** @param {KeyboardEvent} event */
function keyPressed(event) {
  if (event.isComposing) return;
  const name = nameButtons()[nameNumber(event) - 1];
  if (name) insert(name.dataset.name ?? "");
  else if (event.key === "Enter" && event.ctrlKey) void toggle();
  else if (event.key === "Enter" && !event.shiftKey && wanted) finish();
  else if (event.key === "ArrowUp" && !line.value) list.focusLast();
  else return;
  event.preventDefault();
}

/**
 * Which name is asked for. It is told by the key's place: with Alt some keyboards write other signs.
 * @param {KeyboardEvent} event
 * @returns {number} 0 for none
 */
function nameNumber(event) {
  if (!event.altKey || event.ctrlKey || event.getModifierState("AltGraph")) return 0;
  return Number(/^Digit([1-9])$/.exec(event.code)?.[1] ?? 0);
}

function nameButtons() {
  return /** @type {HTMLElement[]} */ ([...byId("names").querySelectorAll("button")]);
}

/** @param {string} name */
function insert(name) {
  const before = line.value.slice(0, line.selectionStart);
  const space = before && !/\s$/.test(before) ? " " : "";
  line.setRangeText(`${space}${name} `, line.selectionStart, line.selectionEnd, "end");
  line.focus();
  typed();
}

async function loadNames() {
  const answer = await api("GET", `/rooms/${encodeURIComponent(roomId)}/participants`).catch(() => null);
  /** @type {import("./types.js").Participant[]} */
  const people = answer?.items ?? [];
  const names = people.slice(0, MOST_NAMES).map(({ user }, index) => ({ ...user, key: `Alt+${index + 1}` }));
  byId("names").hidden = names.length === 0;
  reconcile(byId("names"), names, { key: ({ id }) => id, create: nameItem, update: nameIs });
}

function nameItem() {
  const button = make("button", { type: "button", class: "button" }, make("bdi"), " ", make("kbd"));
  button.addEventListener("click", () => insert(button.dataset.name ?? ""));
  return make("li", {}, button);
}

/**
 * @param {HTMLElement} item
 * @param {{name: string, key: string}} person
 */
function nameIs(item, { name, key }) {
  const [button, shown, shortcut] = /** @type {NodeListOf<HTMLElement>} */ (item.querySelectorAll("button, bdi, kbd"));
  if (!button || !shown || !shortcut) return;
  button.dataset.name = name;
  button.setAttribute("aria-keyshortcuts", key);
  setText(shown, name);
  setText(shortcut, key);
}

function drawList() {
  const captions = store.entries.filter((entry) => entry.kind === "caption");
  list.draw(captions, store.complete || (store.oldestSeq > 0 && store.oldestSeq <= firstSeq));
  drawNow();
}

/** What the recogniser is still finishing. */
function drawNow() {
  const own = `c-${session.user?.id}-`;
  const open = store.interims.filter(({ id }) => !id.includes(own)).map(({ text }) => text);
  setText(byId("now"), open.join(" "));
}

function drawState() {
  const { captioner: said } = strings;
  setText(byId("state"), offRecord ? `${stateText(said)} ${said.offRecord}` : stateText(said));
  setText(byId("take"), wanted ? said.handBack : said.take);
  byId("take", HTMLButtonElement).disabled = !live;
  byId("writing").classList.toggle("is-on", wanted && confirmed);
}

/** @param {typeof strings.captioner} said */
function stateText(said) {
  if (!connected) return wanted ? said.lostWriting : said.lost;
  if (!live) return said.notLive;
  if (wanted) return isMine() && confirmed ? said.you : said.taking;
  if (captioner) return isMine() ? said.youElsewhere : said.other(captioner.name);
  return said.recogniser;
}

/**
 * @param {import("./captions-client.js").Connection} connection
 * @param {number} code
 */
function connectionChanged(connection, code) {
  connected = connection === "open";
  if (!connected) confirmed = false;
  if (code === REFUSED.badToken) {
    session.expired();
    client.connect();
  } else if (code === REFUSED.noRoom) pageError(strings.room.missing);
  else if (code === REFUSED.noRight) pageError(strings.room.noRight);
  drawState();
}

/** @param {string} message */
function pageError(message) {
  setText(byId("page-error"), message);
  byId("page-error").hidden = false;
}

/** @param {string} title */
function setTitle(title) {
  setText(byId("title"), strings.captioner.of(title));
  document.title = `${strings.captioner.of(title)} – ${strings.brand}`;
}

function reactionS() {
  const value = byId("reaction", HTMLInputElement).valueAsNumber;
  return Number.isFinite(value) ? Math.min(10, Math.max(0, value)) : USUAL_REACTION_S;
}

function restoreOptions() {
  const [sentences, reaction] = [byId("sentences", HTMLInputElement), byId("reaction", HTMLInputElement)];
  const own = byId("abbreviations", HTMLTextAreaElement);
  sentences.checked = localStorage.getItem(KEYS.sentences) !== "off";
  reaction.value = localStorage.getItem(KEYS.reaction) ?? String(USUAL_REACTION_S);
  own.value = localStorage.getItem(KEYS.abbreviations) ?? "";
  abbreviations = readAbbreviations(own.value);
  sentences.addEventListener("change", () =>
    localStorage.setItem(KEYS.sentences, sentences.checked ? "on" : "off"),
  );
  reaction.addEventListener("change", () => {
    localStorage.setItem(KEYS.reaction, String(reactionS()));
    if (wanted) takeOver();
  });
  own.addEventListener("input", () => {
    localStorage.setItem(KEYS.abbreviations, own.value);
    abbreviations = readAbbreviations(own.value);
  });
}

async function begin() {
  byId("to-room", HTMLAnchorElement).href = `/rooms/${encodeURIComponent(roomId)}`;
  restoreOptions();
  line.addEventListener("input", typed);
  line.addEventListener("keydown", keyPressed);
  byId("take").addEventListener("click", () => void toggle());
  list.onLeave = () => line.focus();
  list.onOlder = () => client.scrollback({ before: store.oldestSeq, limit: PAGE });
  revisionsBehindMarks(roomId, byId("said"));
  addEventListener("beforeunload", (event) => {
    if (wanted && (line.value || writer.unsure.length)) event.preventDefault();
  });
  await session.restore();
  session.onChange = () => {
    if (!session.user) stopWriting();
    connected = false;
    client.reconnect();
  };
  addEventListener("online", () => client.connect());
  addEventListener("offline", () => client.giveUp());
  setInterval(() => confirmed && client.send({ type: "ping" }), PING_EVERY_MS);
  drawState();
  try {
    setTitle((await api("GET", `/rooms/${encodeURIComponent(roomId)}`)).title);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) pageError(strings.room.missing);
  }
  client.connect();
}

void begin();
