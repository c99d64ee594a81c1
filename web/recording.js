/** @file A recording: its sound, and the captions that lead through it. */

import { chapterTitle } from "./chapter-edits.js";
import { CaptioningView } from "./captioning.js";
import { ChapterList } from "./chapter-list.js";
import { byId, fillTexts, make, setText } from "./dom.js";
import { soundStart, toEdited, toRoom } from "./edited-time.js";
import { ApiError, api, authorization, request, signed, token } from "./http.js";
import { keysDialog } from "./keys-dialog.js";
import { PlayerControls, listenToTime } from "./player-controls.js";
import { RecordingArchive } from "./recording-archive.js";
import { downloads, lossesOf, transcriptUrl } from "./recording-links.js";
import { RecordingProgress } from "./recording-progress.js";
import { RecordingTools } from "./recording-tools.js";
import { captionsTrack } from "./recording-track.js";
import { RecordingTranscript } from "./recording-transcript.js";
import { revisionsBehindMarks } from "./revisions.js";
import { SessionUi } from "./session-ui.js";
import { listenForShortcuts } from "./shortcuts.js";
import { silencesOf } from "./silences.js";
import { SpeakerMarks } from "./speaker-marks.js";
import { strings } from "./strings.js";
import { styleDialog } from "./style-dialog.js";
import { StyleKeeper, dress } from "./style-keeper.js";
import { clock, dateText } from "./times.js";
import { ChapterTool } from "./tool-chapters.js";
import { CutTool } from "./tool-cut.js";
import { DeleteTool } from "./tool-delete.js";
import { KeepTool } from "./tool-keep.js";
import { LinkTool } from "./tool-link.js";
import { PublishTool } from "./tool-publish.js";
import { RenameTool } from "./tool-rename.js";
import { SpeakersTool } from "./tool-speakers.js";
import { POINTS, Waveform } from "./waveform.js";

/** @typedef {import("./types.js").Recording} Recording */

const id = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
fillTexts(document);
const session = new SessionUi(byId("session"));
const keeper = new StyleKeeper();
const marks = new SpeakerMarks("");
const player = byId("player", HTMLAudioElement);
const say = (/** @type {string} */ text) => setText(byId("status"), text);
const controls = new PlayerControls(player, say);
const transcript = new RecordingTranscript({
  speakers: marks,
  say,
  seek,
  play(time) {
    seek(time);
    void controls.play();
  },
  cuts: (caption) => cutTool.marks(caption),
});
const chapters = new ChapterList((time) => transcript.playFrom(time));
const waveform = new Waveform({
  speakers: marks,
  transcript: () => transcript.shown,
  seek(time) {
    seek(time);
    transcript.follow();
  },
});
/** @type {Recording | null} what listeners have */
let recording = null;
/** @type {Recording | null} what is played and read here, which may be the whole */
let shown = null;
let waits = 0;
let outlines = 0;
let measuring = false;
/** @type {Promise<void> | null} */
let lookAtSound = null;
const progress = new RecordingProgress(byId("player-progress"), byId("player-status"));
const chapterTool = new ChapterTool(id, {
  here: () => player.currentTime,
  titleAt: (time) => chapterTitle(transcript.shown.at(time)),
  onChange: (items) => chapters.show(items),
});
const cutTool = new CutTool(id, {
  ...{ player, transcript, show: showWhole },
  onCuts(cuts) {
    waveform.cuts = cuts;
    waveform.draw();
  },
  onKept: () => void factsAnew().then(untilFinished),
});
const archive = new RecordingArchive();
const keepTool = new KeepTool(showFacts);
const tools = new RecordingTools([
  new RenameTool(showFacts),
  chapterTool,
  cutTool,
  new SpeakersTool(),
  new PublishTool(showFacts),
  keepTool,
  new LinkTool(),
  new DeleteTool(leave),
]);

/** There is nothing to be seen here any more. */
function leave() {
  location.replace("/recordings?deleted");
}

const captioning = new CaptioningView({
  async onWords(now) {
    const words = await transcriptOf(now);
    if (!cutTool.on) showTranscript(words, now); // else it is the whole that is read
  },
  onGone: showError,
  onMarks(shown) {
    byId("captions").classList.toggle("shows-improved", shown);
    transcript.remark();
  },
});

async function load() {
  try {
    /** @type {Recording} */
    const found = await api("GET", `/recordings/${encodeURIComponent(id)}`);
    byId("page-error").hidden = true;
    byId("main").classList.remove("without-recording");
    showRecording(found);
    marks.roomIs(found.room_id);
    revisionsBehindMarks(found.room_id, byId("captions"));
    showTranscript(await transcriptOf(found), found);
    if (soundStart(found)) seek(soundStart(found));
    transcript.goToMoment(found.duration_s);
    void untilFinished();
  } catch (error) {
    showError(error);
  }
  byId("loading").hidden = true;
}

/**
 * Say why there is nothing here; a page without a recording has no player.
 * @param {unknown} error
 */
function showError(error) {
  const { missing, notPublished } = strings.recordings;
  const { status, type } = error instanceof ApiError ? error : { status: 0, type: "" };
  const known = status === 404 ? missing : type.endsWith(":not-published") ? notPublished : "";
  setText(byId("page-error-text"), known || /** @type {Error} */ (error).message);
  byId("page-error").hidden = false;
  byId("main").classList.toggle("without-recording", !recording);
}

/**
 * What is known of the recording, beside its sound and its words.
 * @param {Recording} now
 */
function showFacts(now) {
  recording = now;
  setText(byId("title"), now.title);
  document.title = `${now.title} · ${strings.brand}`;
  const length = strings.recordings.length(clock(now.duration_s));
  setText(byId("facts"), `${dateText(now.started_at)} · ${length}`);
  byId("unpublished").hidden = now.published !== false;
  showDownloads(now);
  transcript.titleIs(now.title);
  keepTool.announce(now);
  tools.show(now);
}

/** Who asks has changed, and with that what they may do. */
async function factsAnew() {
  try {
    /** @type {Recording} */
    const now = await api("GET", `/recordings/${encodeURIComponent(id)}`);
    if (cutTool.on && !now.may_decide) return location.reload(); // what is cut is not for them
    showFacts(now);
  } catch (error) {
    const isHidden = error instanceof ApiError && error.status === 403;
    if (isHidden || (cutTool.on && !token())) location.reload(); // it is not for them to see
  }
}

/** @param {Recording} recording */
function showRecording(recording) {
  showFacts(recording);
  showSound(recording);
}

/**
 * Show the whole recording, or what listeners have, at the moment that is heard.
 * @param {boolean} whole
 */
async function showWhole(whole) {
  /** @type {Recording} */
  const now = await api("GET", `/recordings/${encodeURIComponent(id)}${whole ? "?whole=true" : ""}`);
  const json = await transcriptOf(now);
  const there = toRoom(player.currentTime, shown?.cuts ?? []);
  player.pause();
  if (whole) showSound(now);
  else showRecording(now);
  showTranscript(json, now);
  seek(toEdited(there, now.cuts ?? []));
  void untilFinished();
}

/** @param {Event} event that of the last address that there is, or of sound that has begun */
async function soundFailed({ target }) {
  const isLast = target === [...player.querySelectorAll("source")].at(-1);
  if (!isLast && target !== player) return;
  lookAtSound ??= soundAnew().finally(() => (lookAtSound = null));
  await lookAtSound;
}

/** The sound may be another one by now: a host has cut it, or brought passages back. */
async function soundAnew() {
  const now = await api("GET", `/recordings/${encodeURIComponent(id)}`).catch(() => null);
  const isOther = now && !cutTool.on && now.media[0]?.url !== shown?.media[0]?.url;
  if (isOther) await showWhole(false).catch(() => {});
  setText(byId("player-status"), isOther ? strings.player.changed : strings.player.failed);
}

/** @param {Recording} recording */
function showSound(recording) {
  shown = recording;
  for (const source of player.querySelectorAll("source")) source.remove();
  const sources = recording.media.map(({ url }) => make("source", { src: signed(url) }));
  const playable = recording.phase === "finished" && sources.length > 0;
  player.hidden = !playable;
  byId("controls").hidden = !playable;
  if (!playable) return progress.show(recording);
  progress.end();
  player.append(...sources);
  player.load();
}

/** @param {Recording} recording */
function showDownloads(recording) {
  const place = byId("downloads");
  const focused = place.contains(document.activeElement) && document.activeElement;
  const losses = lossesOf(recording);
  byId("losses").replaceChildren(...(losses ? [losses] : []));
  place.replaceChildren(downloads(recording));
  archive.show(recording);
  if (!(focused instanceof HTMLAnchorElement)) return;
  [...place.querySelectorAll("a")].find(({ href }) => href === focused.href)?.focus({ preventScroll: true });
}

/** Ask again until what listeners have can be played. */
async function untilFinished() {
  const turn = ++waits;
  while (recording && recording.phase !== "finished") {
    const wait = recording.phase === "recording" ? 5000 : 1000;
    await new Promise((resume) => setTimeout(resume, wait));
    try {
      /** @type {Recording} */
      const now = await api("GET", `/recordings/${encodeURIComponent(id)}`);
      const json = now.phase === "finished" && !cutTool.on ? await transcriptOf(now) : null;
      if (turn !== waits) return; // it is asked anew
      if (json && !cutTool.on) {
        showRecording(now);
        showTranscript(json, now);
      } else if (cutTool.on) showFacts(now);
      else progress.show(now);
      recording = now;
    } catch (error) {
      if (turn === waits && error instanceof ApiError && error.status === 404) return showError(error);
    }
  }
}

/**
 * @param {Recording} recording
 * @returns {Promise<import("./transcript.js").TranscriptJson>}
 */
async function transcriptOf(recording) {
  const response = await request(transcriptUrl(recording.transcript_url, { format: "json" }), { headers: authorization() });
  return response.json();
}

/**
 * Show what was said; who reads already stays where they are.
 * @param {import("./transcript.js").TranscriptJson} json
 * @param {Recording} recording
 */
function showTranscript(json, recording) {
  transcript.show(json, recording);
  controls.silences = silencesOf(transcript.shown.entries, recording.duration_s);
  if (recording.phase !== "finished") return;
  captioning.show(recording);
  captionsTrack(player, recording, transcript.shown.captions[0]?.language ?? "");
  void showChapters();
  void showOutline(recording);
}

async function showChapters() {
  const whole = cutTool.on;
  const path = `/recordings/${encodeURIComponent(id)}/chapters${whole ? "?whole=true" : ""}`;
  const found = await api("GET", path).catch(() => null);
  if (!found || whole !== cutTool.on) return;
  if (!whole) return chapterTool.are(found);
  // They are edited in the time line that listeners have.
  chapterTool.element.hidden = true;
  chapters.show(found.items);
}

/**
 * Show the sound's outline, once it is measured.
 * @param {Recording} recording
 */
async function showOutline({ loudness, progress: goingOn }) {
  const turn = ++outlines;
  const path = `/recordings/${encodeURIComponent(id)}`;
  if (loudness) {
    const whole = cutTool.on;
    const peaks = await api("GET", `${path}/peaks?points=${POINTS}${whole ? "&whole=true" : ""}`).catch(() => null);
    if (peaks && turn === outlines && whole === cutTool.on) waveform.show(peaks);
  } else if (goingOn && !measuring) {
    measuring = true;
    await new Promise((resume) => setTimeout(resume, 3000));
    const now = await api("GET", path).catch(() => null);
    measuring = false;
    if (now) void showOutline(now);
  }
}

/** @param {number} time */
function seek(time) {
  player.currentTime = time;
  transcript.at(time);
}

listenToTime(player, (time) => {
  for (const one of [transcript, waveform, chapters, chapterTool, cutTool]) one.at(time);
  if (!cutTool.playing) controls.at(time); // which skips silence
});
// Somebody may have edited them since.
for (const name of ["chapters", "tools"]) {
  byId(name).addEventListener("toggle", () => byId(name, HTMLDetailsElement).open && void showChapters());
}
player.addEventListener("error", (event) => void soundFailed(event), true);
marks.onChange = () => {
  transcript.remark();
  waveform.draw();
};
keeper.onChange(() => {
  dress(byId("panel"), keeper.style);
  marks.styleIs(keeper.style.speakers);
  waveform.draw();
});
const openSettings = styleDialog(keeper, { opener: byId("settings"), captions: byId("captions") });
byId("settings").addEventListener("click", openSettings);

/** @type {import("./shortcuts.js").Actions} */
const actions = {
  play: () => controls.toggle(),
  back: () => controls.jump(-5),
  forward: () => controls.jump(5),
  farBack: () => controls.jump(-15),
  farForward: () => controls.jump(15),
  slower: () => controls.changeSpeed(-1),
  faster: () => controls.changeSpeed(1),
  silence: () => controls.toggleSilence(),
  search: () => transcript.search.open(),
  heard: () => transcript.toHeard(),
  captions: () => transcript.focus(),
  settings: () => openSettings(),
  quote: () => transcript.quotes.toggle(),
  help: () => openKeys(),
};
const { actions: names, space, inTranscript, onPage } = strings.keys;
const openKeys = keysDialog(actions, {
  anywhere: onPage,
  place: inTranscript,
  fixed: [
    [`Enter, ${space}`, names.playHere ?? ""],
    ["← →", names.byWord ?? ""],
    ["↑ ↓", names.byCaption ?? ""],
    ["Home", names.home ?? ""],
    ["End", names.lastCaption ?? ""],
    ["[ ]", names.cutPassage ?? ""],
  ],
});
byId("keys").addEventListener("click", openKeys);
listenForShortcuts(actions);
session.onChange = () => {
  void keeper.fetch();
  void (recording ? factsAnew() : load()); // it may be one that only who is signed in may hear
};
await session.restore();
await Promise.all([keeper.fetch(), load()]);
