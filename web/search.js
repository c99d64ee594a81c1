/** @file The search page: what is typed, what is asked, and what was found. */

import { byId, fillTexts, setText } from "./dom.js";
import { api, authorization, request } from "./http.js";
import { keysDialog } from "./keys-dialog.js";
import { setPageTitle } from "./page-title.js";
import { activeFilters, isEmpty, isTooShort, questionOf } from "./search-address.js";
import { Asking } from "./search-asking.js";
import { fillExamples, hideNothing, showNone, showStart } from "./search-empty.js";
import { SearchFilters } from "./search-filters.js";
import { showPlaying } from "./search-hit.js";
import { SearchHistory } from "./search-history.js";
import { ResultKeys } from "./search-keys.js";
import { showNotes } from "./search-notes.js";
import { HitPlayer } from "./search-player.js";
import { SearchResults } from "./search-results.js";
import { SessionUi } from "./session-ui.js";
import { listenForShortcuts } from "./shortcuts.js";
import { strings } from "./strings.js";
import { StyleKeeper } from "./style-keeper.js";

/**
 * @typedef {import("./search-address.js").Wanted} Wanted
 * @typedef {import("./search-types.js").Answer} Answer
 * @typedef {import("./search-types.js").FoundRoom} FoundRoom
 */

/** All hits of one room that are shown at once. */
const MOST_IN_ROOM = 100;
const { finding } = strings;

fillTexts(document);
const session = new SessionUi(byId("session"));
const keeper = new StyleKeeper();
const field = byId("q", HTMLInputElement);
const moreButton = byId("more-results", HTMLButtonElement);
const say = (/** @type {string} */ text) => setText(byId("status"), text);
const steps = new SearchHistory((gone) => show(gone));
let wanted = steps.wanted;
/** @type {Answer | null} what is shown */
let shown = null;

/** @type {Asking<Answer>} */
const asking = new Asking({
  async ask(what, signal) {
    const response = await request(`/v1${questionOf(what)}`, { headers: authorization(), signal });
    return response.json();
  },
  onAnswer: showAnswer,
  onError: showError,
  onBusy: (busy) => setText(byId("busy"), busy ? finding.loading : ""),
  onSettled: (answer, what) => say(announcement(answer, what)),
});
const player = new HitPlayer();
player.onChange = ({ element, hit }, on) => showPlaying(element, hit, on);
const results = new SearchResults({
  onPlay(hit, { room, track }, element) {
    if (player.playing?.element === element) player.stop();
    else void player.play({ hit, track, element, marks: results.marksOf(room.id) });
  },
  async fetchAll(found) {
    const there = { ...wanted, room: found.room.id };
    /** @type {Answer} */
    const answer = await api("GET", questionOf(there, { limit: String(MOST_IN_ROOM) }));
    const isIt = (/** @type {FoundRoom} */ one) => one.instance === found.instance && one.track === found.track;
    const all = answer.rooms.find(isIt);
    if (!all) throw new Error("it is not there any more");
    return all;
  },
  say,
});
const filters = new SearchFilters((changes, typing) => change({ ...wanted, ...changes }, typing));
const keys = new ResultKeys({
  stop() {
    const { playing } = player;
    player.stop();
    return playing !== null;
  },
});

/**
 * Search for something else.
 * @param {Wanted} next
 * @param {boolean} typing whether more may come at once
 */
function change(next, typing) {
  wanted = next;
  steps.note(wanted, typing);
  showWanted();
  setText(byId("status"), "");
  if (isEmpty(wanted) || (typing && isTooShort(wanted))) return showIdle();
  setText(byId("too-short"), "");
  if (typing) asking.soon(wanted);
  else void asking.now(wanted);
}

/**
 * Show what an address asks for.
 * @param {Wanted} next
 */
function show(next) {
  wanted = next;
  field.value = wanted.q;
  showWanted();
  if (isEmpty(wanted)) showIdle();
  else void asking.now(wanted);
}

/** @param {Wanted} next */
function go(next) {
  field.value = next.q;
  change(next, false);
  field.focus();
}

function showWanted() {
  filters.show(wanted);
  const what = wanted.q.trim() || activeFilters(wanted).map((name) => wanted[name]).join(", ");
  setPageTitle(`${what ? finding.titleOf(what) : finding.title} · ${strings.brand}`);
}

/** Nothing is asked: there is too little to ask for. */
function showIdle() {
  asking.stop();
  setText(byId("too-short"), isEmpty(wanted) ? "" : finding.tooShort);
  clear();
  showStart(go);
}

/** Nothing is shown any more. */
function clear() {
  shown = null;
  results.show([]);
  player.look();
  byId("found").hidden = true;
  byId("search-error").hidden = true;
  moreButton.hidden = true;
  setText(byId("summary"), "");
  showNotes(null, wanted, go);
}

/**
 * @param {Answer} answer
 * @param {Wanted} what it answers
 */
function showAnswer(answer, what) {
  shown = answer;
  filters.learn(answer.rooms);
  filters.show(wanted);
  byId("search-error").hidden = true;
  byId("found").hidden = answer.rooms.length === 0;
  results.show(answer.rooms);
  player.look();
  showNotes(answer.query, what, go);
  showCount(answer);
  if (answer.rooms.length) hideNothing();
  else showNone(what, go);
}

/** @param {Answer} answer */
function showCount(answer) {
  setText(byId("summary"), answer.rooms.length ? summaryOf(answer) : "");
  setText(byId("more-error"), "");
  moreButton.hidden = !answer.cursor;
}

/** @param {Answer} answer */
function summaryOf({ total, total_is: kind, cursor }) {
  return finding.summary(total, results.count, { atLeast: kind === "at-least", more: Boolean(cursor) });
}

/**
 * @param {Answer} answer
 * @param {Wanted} what
 */
function announcement(answer, what) {
  const { hints } = answer.query;
  const none = what.q.trim() ? finding.none.title(what.q.trim()) : finding.none.titleFilters;
  return [answer.rooms.length ? summaryOf(answer) : none, hints.length ? finding.hinted(hints.length) : ""].filter(Boolean).join(". ");
}

/** @param {unknown} error */
function showError(error) {
  clear();
  hideNothing();
  setText(byId("search-error-text"), /** @type {Error} */ (error).message || finding.failed);
  byId("search-error").hidden = false;
}

/** Show another page of results; the focus goes to the first new one. */
async function more() {
  const { cursor } = shown ?? {};
  const before = shown;
  if (!cursor || moreButton.getAttribute("aria-disabled") === "true") return;
  moreButton.setAttribute("aria-disabled", "true");
  setText(moreButton, finding.fetching);
  try {
    /** @type {Answer} */
    const answer = await api("GET", questionOf(wanted, { cursor }));
    if (shown !== before) return; // something else is searched for by now
    const hadFocus = moreButton === document.activeElement;
    const count = results.count;
    shown = answer;
    filters.learn(answer.rooms);
    const first = results.add(answer.rooms);
    showCount(answer);
    if (hadFocus) (first ?? field).focus();
    say([finding.addedRooms(results.count - count), answer.cursor ? "" : finding.end].filter(Boolean).join(". "));
  } catch (error) {
    setText(byId("more-error"), /** @type {Error} */ (error).message);
  } finally {
    moreButton.removeAttribute("aria-disabled");
    setText(moreButton, finding.moreResults);
  }
}

field.addEventListener("input", () => change({ ...wanted, q: field.value, exact: "" }, true));
byId("find").addEventListener("submit", (event) => {
  event.preventDefault();
  change({ ...wanted, q: field.value }, false);
});
byId("search-again").addEventListener("click", () => {
  field.focus();
  change(wanted, false);
});
moreButton.addEventListener("click", () => void more());
addEventListener("online", () => byId("search-error").hidden || change(wanted, false));
fillExamples(go);
keeper.onChange(() => {
  player.styleIs(keeper.style);
  results.styleIs(keeper.style.speakers);
});

/** @type {import("./shortcuts.js").Actions} */
const actions = {
  search: () => keys.toField(),
  nextHit: () => keys.step(1),
  previousHit: () => keys.step(-1),
  play: () => (player.playing ? player.toggle() : keys.handle?.click()),
  back: () => player.jump(-5),
  forward: () => player.jump(5),
  help: () => openKeys(),
};
const openKeys = keysDialog(actions, {
  anywhere: strings.keys.onPage,
  place: finding.keysPlace,
  fixed: [
    ["↓", finding.keys.down],
    ["↑", finding.keys.up],
    ["Enter", finding.keys.enter],
    ["Escape", finding.keys.escape],
  ],
});
byId("keys").addEventListener("click", openKeys);
listenForShortcuts(actions);
session.onChange = () => {
  clear(); // what one may read is not for all
  void keeper.fetch();
  show(wanted);
};
byId("filters", HTMLDetailsElement).open = activeFilters(wanted).length > 0;
if (isEmpty(wanted)) field.focus();
await session.restore();
void keeper.fetch();
show(wanted);
