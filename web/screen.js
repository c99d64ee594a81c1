/** @file The captions of a room alone, always at what is live, in the style that the address says. */

import { AlertStack } from "./alert-stack.js";
import { Attention } from "./attention.js";
import { CaptionPanel } from "./caption-panel.js";
import { DEFAULT_STYLE, variables, variablesOverVideo } from "./caption-style.js";
import { CaptionsClient, REFUSED } from "./captions-client.js";
import { doubtMarks } from "./doubts.js";
import { byId, fillTexts, setText } from "./dom.js";
import { signOut, token, whoAmI } from "./http.js";
import { Invitation } from "./invitation.js";
import { setPageTitle } from "./page-title.js";
import { ScreenHealth } from "./screen-health.js";
import { listenForShortcuts } from "./shortcuts.js";
import { SpeakerMarks } from "./speaker-marks.js";
import { Speaking, showSpeaking } from "./speaking.js";
import { strings } from "./strings.js";
import { StyleKeeper, dress, pageColour } from "./style-keeper.js";
import { readQuery } from "./style-query.js";
import { WordAlerts } from "./word-alerts.js";
import { WordsKeeper } from "./words-keeper.js";

/** Buttons that lie above captions disappear after this long without a hand. */
const IDLE_AFTER_MS = 3000;
/** A wrong address is told this long: longer would be on the air. */
const PROBLEMS_FOR_MS = 20_000;
/** Nobody may be near this screen to dismiss an alert: its words stay marked. */
const ALERT_FOR_MS = 20_000;

const roomId = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
fillTexts(document);
const screen = readQuery(new URLSearchParams(location.search));
const keeper = new StyleKeeper();
const { body } = document;
const marks = new SpeakerMarks(roomId);
const speaking = new Speaking();
const health = new ScreenHealth();
const stack = new AlertStack(byId("main"), byId("full"));
const attention = new Attention(byId("panel"));
const words = new WordsKeeper();
const wordAlerts = new WordAlerts({ stack, attention, keeper: words, forMs: ALERT_FOR_MS });
/** @type {import("./types.js").Person | null} */
let me = null;
const invitation = new Invitation(roomId, { stack, attention, me: () => me?.id ?? "" });
const panel = new CaptionPanel({
  region: byId("captions"),
  list: byId("turns"),
  onChange: () => drawPanel(),
  onFinal: () => {},
  drawing: { markers: [doubtMarks, wordAlerts.marker], speakers: marks },
});
const client = new CaptionsClient({
  address: captionsAddress,
  latestSeq: () => panel.store.latestSeq,
  onMessage: receive,
  onConnection: connectionChanged,
});
let broken = "";
let roomState = "";
let recording = "";
let idleTimer = 0;

/** @returns {import("./caption-style.js").CaptionStyle} */
function style() {
  return screen.style ? { ...DEFAULT_STYLE, ...screen.style } : keeper.style;
}

/** @param {number} after */
function captionsAddress(after) {
  const url = new URL(`/v1/rooms/${encodeURIComponent(roomId)}/captions`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (token()) url.searchParams.set("token", token());
  if (screen.style) url.searchParams.set("style", "own");
  const track = after ? panel.track : style().track;
  if (after) url.searchParams.set("after", String(after));
  if (after || track) url.searchParams.set("track", track);
  return url.href;
}

/** @param {import("./types.js").ServerMessage} message */
function receive(message) {
  if (!screen.transparent) alertTo(message);
  panel.receive(message);
  marks.receive(message);
  if (message.type === "welcome") {
    speaking.clear(); // who speaks is told after it
    setPageTitle(`${message.title ?? ""} · ${strings.brand}`);
    setText(byId("room-title"), message.title ?? "");
    roomState = message.state ?? "";
    recording = message.recording ?? recording;
    health.engineIs(message.engine);
    if (screen.style) client.send({ type: "style", ...style() });
    else if (message.style) keeper.fromServer(message.style);
  } else if (message.type === "style" && !screen.style) {
    keeper.fromServer(message.style);
  } else if (message.type === "room") {
    roomState = message.state;
    recording = message.recording;
  } else if (message.type === "speaking") {
    speaking.is(message.speaker, message.on);
  } else if (message.type === "status") {
    health.statusIs(message);
  }
  drawPanel();
}

/**
 * What is the listener's own affair; a page over a video is on the air, and shows nothing of it.
 * @param {import("./types.js").ServerMessage} message
 */
function alertTo(message) {
  wordAlerts.receive(message);
  if (message.type === "you") invitation.standingIs(message);
}

/**
 * @param {import("./captions-client.js").Connection} connection
 * @param {number} code
 */
function connectionChanged(connection, code) {
  if (connection === "lost" || connection === "closed") {
    panel.disconnected();
    speaking.clear();
  }
  if (connection !== "connecting" || !broken) broken = strings.captions.connection[connection] ?? "";
  if (code === REFUSED.noRoom) broken = strings.room.missing;
  if (code === REFUSED.noRight) broken = strings.room.noRight;
  health.connectionIs(broken, connection === "lost");
  if (code === REFUSED.badToken) {
    signOut();
    client.connect();
  }
  drawPanel();
}

function drawPanel() {
  byId("speaking-line").hidden = !screen.speaking || roomState !== "live";
  showSpeaking(byId("speaking-line"), speaking.people, marks);
  if (panel.reading.paused) panel.resume("live");
  const isOff = screen.marked && roomState === "live" && recording === "off-record";
  setText(byId("off-record-mark"), isOff ? strings.screen.offRecord : "");
  const { emptyLive, emptyScheduled, emptyEnded } = strings.captions;
  const nothing = { live: emptyLive, ended: emptyEnded }[roomState] ?? emptyScheduled;
  const empty = panel.store.latestSeq === 0 && panel.store.interims.length === 0;
  setText(byId("empty"), nothing);
  byId("empty").hidden = !empty || !roomState;
  health.roomIs(roomState === "live");
}

function toggleFullScreen() {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen().catch(() => {});
}

function moved() {
  body.classList.remove("idle");
  clearTimeout(idleTimer);
  idleTimer = Number(setTimeout(() => body.classList.add("idle"), IDLE_AFTER_MS));
}

function tellProblems() {
  const place = byId("problems");
  if (!screen.problems.length) return;
  setText(place, strings.style.address.ignored(screen.problems.join("; ")));
  place.hidden = false;
  setTimeout(() => (place.hidden = true), PROBLEMS_FOR_MS);
}

body.classList.toggle("over-video", screen.transparent);
body.classList.toggle("no-names", !screen.names);
body.classList.toggle("idle", screen.transparent);
byId("room-link", HTMLAnchorElement).href = `/rooms/${encodeURIComponent(roomId)}`;
const full = byId("full", HTMLButtonElement);
full.hidden = !document.fullscreenEnabled;
full.addEventListener("click", toggleFullScreen);
document.addEventListener("fullscreenchange", () => {
  const now = Boolean(document.fullscreenElement);
  body.classList.toggle("full", now);
  setText(full, now ? strings.screen.notFull : strings.screen.full);
  moved();
});
for (const event of ["pointermove", "pointerdown", "keydown"]) addEventListener(event, moved);
listenForShortcuts({ full: toggleFullScreen, alert: () => stack.focus() });
words.onChange(() => {
  if (!screen.transparent) wordAlerts.wordsAre(words.words);
  panel.remark();
});
keeper.onChange(() => {
  const drawn = screen.transparent ? variablesOverVideo(style()) : variables(style(), pageColour());
  dress(byId("panel"), style(), drawn);
  marks.styleIs(style().speakers);
});
marks.onChange = () => {
  panel.remark();
  drawPanel();
};
tellProblems();
panel.attach(client);
addEventListener("online", () => client.connect());
addEventListener("offline", () => client.giveUp());
client.connect();
me = await whoAmI();
wordAlerts.meIs(me);
words.meIs(me?.id ?? "");
