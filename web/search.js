/** @file The search page: what is typed, what is asked, and what was found. */

import { byId, fillTexts, setText } from "./dom.js";
import { ApiError, api, authorization, request } from "./http.js";
import { keysDialog } from "./keys-dialog.js";
import { setPageTitle } from "./page-title.js";
import { activeFilters, isEmpty, isTooShort, questionOf } from "./search-address.js";
import { Asking } from "./search-asking.js";
import { fillExamples } from "./search-empty.js";
import { offerSavedSearch, queryOf } from "./saved-searches.js";
import { SearchFilters } from "./search-filters.js";
import { showPlaying } from "./search-hit.js";
import { SearchHistory } from "./search-history.js";
import { ResultKeys } from "./search-keys.js";
import { HitPlayer } from "./search-player.js";
import { SearchResults } from "./search-results.js";
import { SearchView } from "./search-view.js";
import { SessionUi } from "./session-ui.js";
import { listenForShortcuts } from "./shortcuts.js";
import { strings } from "./strings.js";
import { StyleKeeper } from "./style-keeper.js";

/**
 * @typedef {import("./search-address.js").Wanted} Wanted
 * @typedef {import("./search-types.js").Answer} Answer
 */

/** So many more of one room are shown at a time. */
const MOST_IN_ROOM = 100;
const { finding } = strings;

fillTexts(document);
const session = new SessionUi(byId("session"));
const keeper = new StyleKeeper();
const field = byId("q", HTMLInputElement);
const say = (/** @type {string} */ text) => setText(byId("status"), text);
const steps = new SearchHistory((gone) => show(gone));
let wanted = steps.wanted;

/** @type {Asking<Answer>} */
const asking = new Asking({
  async ask(what, signal) {
    const response = await request(`/v1${questionOf(what)}`, { headers: authorization(), signal });
    return response.json();
  },
  onAnswer(answer, what) {
    filters.learn(answer.rooms);
    filters.show(wanted);
    view.answer(answer, what);
  },
  onError(error) {
    if (error instanceof ApiError && error.status === 401) session.expired(); // and it is asked as a guest
    else view.error(error);
  },
  onBusy: (busy) => setText(byId("busy"), busy ? finding.loading : ""),
  onSettled: (answer, what) => say(view.announcement(answer, what)),
});
const player = new HitPlayer();
player.onChange = ({ element, hit }, on) => showPlaying(element, on ? hit : null);
const results = new SearchResults({
  onPlay(hit, { room, track }, element) {
    if (player.playing?.element === element) player.stop();
    else void player.play({ hit, track, element, marks: results.marksOf(room.id) });
  },
  fetchRoom: (room, cursor) =>
    api("GET", questionOf({ ...(view.wanted ?? wanted), room }, { limit: String(MOST_IN_ROOM), ...(cursor ? { cursor } : {}) })),
  say,
});
const view = new SearchView({
  ...{ results, go, say },
  fetchMore: (what, cursor) => api("GET", questionOf(what, { cursor })),
  onChange: () => player.look(),
});
const filters = new SearchFilters({
  onChange: (changes, typing) => change({ ...wanted, ...changes }, typing),
  onLeave: () => steps.settle(),
});
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
  if (isEmpty(wanted) || (typing && isTooShort(wanted))) return idle();
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
  filters.fill(wanted);
  showWanted();
  setText(byId("too-short"), "");
  if (isEmpty(wanted)) idle();
  else void asking.now(wanted);
}

/** @param {Wanted} next */
function go(next) {
  field.value = next.q;
  filters.fill(next);
  change(next, false);
  field.focus();
}

/** Nothing is asked: there is too little to ask for. */
function idle() {
  asking.stop();
  view.idle(wanted);
}

function showWanted() {
  filters.show(wanted);
  const what = wanted.q.trim() || activeFilters(wanted).map((name) => wanted[name]).join(", ");
  offerSavedSearch(byId("saved-searches"), isTooShort(wanted) ? "" : queryOf(wanted), session);
  setPageTitle(`${what ? finding.titleOf(what) : finding.title} · ${strings.brand}`);
}

field.addEventListener("blur", () => steps.settle());
field.addEventListener("input", () => change({ ...wanted, q: field.value, exact: "" }, true));
byId("find").addEventListener("submit", (event) => {
  event.preventDefault();
  change({ ...wanted, q: field.value }, false);
});
byId("search-again").addEventListener("click", () => {
  field.focus();
  change(wanted, false);
});
addEventListener("pagehide", () => player.stop());
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
  view.clear(); // what one may read is not for all
  void keeper.fetch();
  show(wanted);
};
byId("filters", HTMLDetailsElement).open = activeFilters(wanted).length > 0;
if (isEmpty(wanted)) field.focus();
await session.restore();
void keeper.fetch();
show(wanted);
