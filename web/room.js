/** @file A room's page: it builds the parts and passes news between them. */

import { Announcements } from "./announcements.js";
import { BrailleLine } from "./braille-line.js";
import { ByHand } from "./by-hand.js";
import { CaptionControls } from "./caption-controls.js";
import { CaptionPanel } from "./caption-panel.js";
import { parseStyle } from "./caption-style.js";
import { TrackChoice, languageName, linkTranscripts } from "./caption-track.js";
import { CaptionsClient, REFUSED } from "./captions-client.js";
import { doubtMarks } from "./doubts.js";
import { byId, fillTexts, setText } from "./dom.js";
import { GoTo } from "./go-to.js";
import { ApiError, api, token } from "./http.js";
import { keysDialog } from "./keys-dialog.js";
import { PeopleActions } from "./people-actions.js";
import { Presence } from "./presence.js";
import { revisionsBehindMarks } from "./revisions.js";
import { QuoteMode } from "./quote-mode.js";
import { Notices } from "./notices.js";
import { ReadingPlace } from "./reading-place.js";
import { RoomAlerts } from "./room-alerts.js";
import { RoomAudio } from "./room-audio.js";
import { RoomHead } from "./room-head.js";
import { RoomMoment } from "./room-moment.js";
import { roomQuotes } from "./room-quotes.js";
import { RoomRecording } from "./room-recording.js";
import { RoomRunning } from "./room-running.js";
import { RoomKeeping } from "./room-keeping.js";
import { RoomTerms } from "./room-terms.js";
import { RoomTranslation } from "./room-translation.js";
import { SessionUi } from "./session-ui.js";
import { listenForShortcuts } from "./shortcuts.js";
import { SpeakerMarks } from "./speaker-marks.js";
import { strings } from "./strings.js";
import { styleDialog } from "./style-dialog.js";
import { StyleKeeper, dress } from "./style-keeper.js";
import { TypedSpeech } from "./typed-speech.js";

/** @typedef {import("./types.js").ServerMessage} ServerMessage */

/** A burst of joining people asks for the list once. */
const PEOPLE_AFTER_MS = 500;

const roomId = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
fillTexts(document);

const session = new SessionUi(byId("session"));
const marks = new SpeakerMarks(roomId);
const head = new RoomHead(marks);
const audio = new RoomAudio(roomId, session);
const terms = new RoomTerms(roomId, session);
const running = new RoomRunning(roomId, {
  onRoom: (changed) => {
    room = changed;
    byId("page-error").hidden = true;
    for (const one of choices) one.roomIs(changed);
  },
  onError: (message) => pageError(message),
});
const translation = new RoomTranslation(roomId, session);
const choices = [terms, translation, new RoomKeeping(roomId, session)];
const keeper = new StyleKeeper();
const tracks = new TrackChoice(keeper);
const region = byId("captions");
const alerts = new RoomAlerts(roomId, { speak: () => audio.speak(), type: () => typed.focus() });
const panel = new CaptionPanel({
  region,
  list: byId("turns"),
  onChange: () => drawPanel(),
  onFinal: (entry) => announcements.final(entry),
  onStop: (seq) => moment.going || place.stopped(seq),
  onArrive: (found) => moment.arrived(found) || goTo.arrived(found),
  drawing: { markers: [doubtMarks, alerts.marker], speakers: marks },
});
const notices = new Notices(
  (text) => controls.say(text),
  () => panel.focus(),
);
const tell = (/** @type {string} */ text) => notices.tell(text);
const controls = new CaptionControls(panel, tell);
const place = new ReadingPlace(roomId, panel, tell);
const goTo = new GoTo({
  panel,
  markPlace: () => place.markHere(),
  say: tell,
});
const moment = new RoomMoment(roomId, panel, (text) => controls.say(text));
const quotes = new QuoteMode(roomQuotes(roomId, panel), (text) => controls.say(text));
const braille = new BrailleLine(roomId, panel, (text) => controls.say(text));
const announcements = new Announcements({
  say: (text) => controls.say(text),
  gapsAreSaid: () => !braille.isOpen, // there, they are lines
});
const recordings = new RoomRecording(roomId, notices);
const typed = new TypedSpeech(roomId, session);
const byHand = new ByHand(roomId, tell);
const people = new PeopleActions(roomId, tell);
const presence = new Presence(roomId, tell);
head.decorate = (row, participant) => people.decorate(row, participant);
audio.stays = () => presence.joined;
typed.invited = () => alerts.invitation.open;
revisionsBehindMarks(roomId, region);
const client = new CaptionsClient({
  address: captionsAddress,
  latestSeq: () => panel.latestSeq,
  onMessage: receive,
  onConnection: connectionChanged,
});
let roomState = "";
let recording = "off";
let peopleTimer = 0;
let myRole = "";
/**
 * The style that the server goes by on this connection.
 * @type {import("./caption-style.js").CaptionStyle | null}
 */
let served = null;
/** The track that was asked for last on this connection. */
let asked = "";
let spoken = "";
/** @type {import("./types.js").Room | null} */
let room = null;

/** @param {number} after */
function captionsAddress(after) {
  const url = new URL(`/v1/rooms/${encodeURIComponent(roomId)}/captions`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (token()) url.searchParams.set("token", token());
  // A place is one in a track; without a place the listener's choice counts.
  const track = after ? panel.track : keeper.style.track;
  if (after) url.searchParams.set("after", String(after));
  if (after || track) url.searchParams.set("track", track);
  return url.href;
}

/** @param {ServerMessage} message */
function receive(message) {
  if (alerts.receive(message)) return;
  panel.receive(message);
  marks.receive(message);
  braille.receive(message);
  switch (message.type) {
    case "you":
      if (message.muted) audio.mutedByOther();
      iAm(message.role);
      break;
    case "welcome":
      head.titleIs(message.title ?? room?.title ?? "");
      byHand.engineIs(message.engine);
      head.countIs(message.participants ?? 0);
      [served, asked] = [parseStyle(message.style), message.track ?? ""];
      if (message.style) keeper.fromServer(message.style);
      spoken = message.language ?? spoken;
      tracks.offeredAre(message.tracks ?? [], spoken);
      linkTranscripts(roomId, panel.track);
      tellStyle();
      recordings.newsIs(message);
      if (message.state) roomIs(message.state, message.recording ?? recording);
      peopleChanged();
      byId("page-error").hidden = true;
      void moment.welcomed(message);
      break;
    case "room":
      recordings.newsIs(message);
      roomIs(message.state, message.recording);
      head.countIs(message.participants);
      translation.offeredAre(message.tracks ?? []);
      spoken = message.language ?? spoken;
      tracks.offeredAre(message.tracks ?? [], spoken);
      tellStyle();
      peopleChanged();
      break;
    case "status":
      controls.statusIs(message);
      byHand.captionerIs(message.captioner ?? null);
      break;
    case "style":
      styleKept(message.style);
      break;
    case "speaking":
      if (message.speaker) head.speakingIs(message.speaker, message.on);
      break;
    case "track":
      linkTranscripts(roomId, message.track);
      tell(trackText(message.track));
      moment.trackChanged();
      break;
    case "error":
      notices.tell(message.message, { lasting: true });
      break;
  }
}

/** Tell the server a style that changes what it sends; how captions look is the page's own work. */
function tellStyle() {
  if (!served || (served.pace === keeper.style.pace && asked === tracks.wanted)) return;
  if (!client.send({ type: "style", ...keeper.style })) return;
  [served, asked] = [keeper.style, tracks.wanted];
}

/**
 * The server goes by this style now: it was sent from here, or kept on another device.
 * @param {Record<string, unknown>} style
 */
function styleKept(style) {
  served = parseStyle(style);
  asked = tracks.offers(served.track) ? served.track : "";
  keeper.fromServer(style);
  tellStyle();
}

/** @param {string} track */
function trackText(track) {
  const { captions } = strings;
  return track ? captions.trackTranslated(languageName(track)) : captions.trackAsSpoken;
}

/**
 * @param {import("./captions-client.js").Connection} connection
 * @param {number} code
 */
function connectionChanged(connection, code) {
  if (connection === "lost" || connection === "closed") {
    panel.disconnected();
    head.silence();
  }
  controls.connectionIs(connection);
  if (code === REFUSED.badToken) {
    session.expired();
    notices.tell(strings.session.expired, { lasting: true });
    client.connect();
  } else if (code === REFUSED.noRoom) pageError(strings.room.missing);
  else if (code === REFUSED.noRight) pageError(strings.room.noRight);
}

/**
 * @param {string} state
 * @param {string} recordingState
 */
function roomIs(state, recordingState) {
  [roomState, recording] = [state, recordingState];
  head.stateIs(state, recordingState);
  recordings.roomIs(state === "live", recordingState);
  audio.roomIs(state);
  typed.roomIs(state === "live", room?.open_floor ?? false);
  controls.live = state === "live";
  presence.roomIs({ live: controls.live, signedIn: session.user !== null });
  const mine = room !== null && session.user?.id === room.host.id;
  running.roomIs(state, mine);
  recordings.roleIs(myRole, mine);
  byId("after").hidden = state !== "ended";
  drawPanel();
}

function drawPanel() {
  const { captions } = strings;
  const nothing = { live: captions.emptyLive, ended: captions.emptyEnded };
  const empty = panel.store.latestSeq === 0 && panel.store.interims.length === 0;
  setText(byId("empty"), nothing[/** @type {"live"} */ (roomState)] ?? captions.emptyScheduled);
  // Set only when it changes: a paused reader's captions are not touched at all.
  if (byId("empty").hidden === (empty && Boolean(roomState))) byId("empty").hidden = !byId("empty").hidden;
  setText(byId("older"), !empty && panel.complete ? captions.beginning : "");
  controls.draw();
  place.draw();
  moment.changed();
  if (!panel.reading.paused) quotes.giveUp();
}

function peopleChanged() {
  clearTimeout(peopleTimer);
  peopleTimer = Number(setTimeout(() => void loadPeople(), PEOPLE_AFTER_MS));
}

async function loadPeople() {
  if (roomState !== "live") return;
  const answer = await api("GET", `/rooms/${roomId}/participants`).catch(() => null);
  if (answer) head.participantsAre(answer.items);
  /** @type {import("./types.js").Participant[]} */
  const here = answer?.items ?? [];
  if (!iAm(here.find((one) => one.user.id === session.user?.id)?.role ?? "")) return;
  if (answer) head.participantsAre(answer.items);
}

/**
 * Learn what this page's person is in the room.
 * @param {string} role empty when they are not there
 * @returns {boolean} whether that is news
 */
function iAm(role) {
  presence.roleIs(role);
  if (role === myRole) return false;
  myRole = role;
  byHand.roleIs(role);
  typed.roleIs(role);
  recordings.roleIs(role, room !== null && session.user?.id === room.host.id);
  people.roleIs(role, session.user?.id ?? "");
  void loadRoom(); // a co-host is shown more
  peopleChanged();
  return true;
}

async function loadRoom() {
  try {
    room = await api("GET", `/rooms/${encodeURIComponent(roomId)}`);
  } catch (error) {
    const status = error instanceof ApiError ? error.status : 0;
    if (status === 404) pageError(strings.room.missing);
    if (status === 401 || status === 403) {
      for (const one of choices) one.withdraw();
    }
    return;
  }
  if (!room) return;
  head.titleIs(room.title);
  for (const one of choices) one.roomIs(room);
  if (!roomState) recordings.speakersAre(room.speaker_tracks ?? false);
  roomIs(roomState || room.state, roomState ? recording : (room.recording ?? (room.record ? "on" : "off")));
}

/** @param {string} message */
function pageError(message) {
  setText(byId("page-error"), message);
  byId("page-error").hidden = false;
}

const openSettings = styleDialog(keeper, {
  opener: byId("settings"),
  captions: region,
  screen: new URL(`/rooms/${encodeURIComponent(roomId)}/captions`, location.href).href,
});
/** @type {import("./shortcuts.js").Actions} */
const actions = {
  pause: () => panel.togglePause(),
  live: () => panel.resume("live"),
  captions: () => region.focus(),
  settings: () => openSettings(),
  announce: () => announcements.cycle(),
  braille: () => braille.toggle(),
  mute: () => void audio.toggleMute(),
  toTime: () => goTo.open(),
  toPlace: () => place.go(),
  markPlace: () => place.markHere(),
  quote: () => quotes.toggle(),
  alert: () => alerts.focus(),
  help: () => openKeys(),
};
const openKeys = keysDialog(actions);
listenForShortcuts(actions);

region.addEventListener("keydown", (event) => {
  if (event.target !== region || event.ctrlKey || event.altKey || event.metaKey) return;
  const keys = { " ": actions.pause, Home: () => panel.toFirst(), End: actions.live };
  const run = keys[/** @type {" "} */ (event.key)];
  if (!run) return;
  event.preventDefault();
  run();
});
byId("settings").addEventListener("click", openSettings);
byId("keys").addEventListener("click", openKeys);
keeper.onReplaced = () => tell(strings.style.replaced);
keeper.onUnsaved = () => tell(strings.style.notSaved);
marks.onChange = () => {
  head.draw();
  panel.remark();
};
keeper.onChange(() => {
  dress(byId("panel"), keeper.style);
  marks.styleIs(keeper.style.speakers);
});
keeper.onChange(tellStyle);
session.onChange = () => {
  if (!session.user) presence.forget();
  meIs();
  if (roomState) roomIs(roomState, recording);
  void loadRoom();
  void keeper.fetch();
  void place.find();
  client.reconnect();
};
function meIs() {
  head.meIs(session.user);
  alerts.meIs(session.user);
}

addEventListener("online", () => client.connect());
addEventListener("offline", () => client.giveUp());
linkTranscripts(roomId, "");
byId("after-recordings", HTMLAnchorElement).href = `/recordings?room=${roomId}`;

panel.attach(client);
alerts.attach(panel, client);
client.connect();
await session.restore();
meIs();
void place.find();
await loadRoom();
