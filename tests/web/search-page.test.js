import assert from "node:assert/strict";
import { test } from "node:test";
import { activeFilters, addressOf, isEmpty, isTooShort, questionOf, suggested, wantedOf } from "../../web/search-address.js";
import { Asking } from "../../web/search-asking.js";
import { withMoreOf, withPage } from "../../web/search-growing.js";
import { textMarks } from "../../web/search-marks.js";
import { waysOn } from "../../web/search-ways.js";
import { strings } from "../../web/strings.js";

const wanted = (over = {}) => ({ ...wantedOf(""), ...over });

test("a search has one address, and is read from it again", () => {
  const asked = wantedOf("?lang=en&q=%20good+morning%20&speaker=Ada&unknown=1&from=2026-11-01");
  assert.equal(addressOf(asked), "/search?q=good+morning&speaker=Ada&from=2026-11-01&lang=en");
  assert.deepEqual(activeFilters(asked), ["speaker", "from", "lang"]);
  assert.equal(questionOf(asked, { cursor: "x" }), "/search?q=good+morning&speaker=Ada&from=2026-11-01&lang=en&cursor=x");
  assert.equal(addressOf(wanted({ q: " " })), "/search");
});

test("nothing is asked of nothing, and of one letter only where it is a word", () => {
  assert.ok(isEmpty(wanted({ q: " " })));
  assert.ok(!isEmpty(wanted({ host: "Ada" })));
  for (const q of ["a", "é", "😀"]) assert.ok(isTooShort(wanted({ q })), q);
  for (const q of ["ab", "茶", "7", ""]) assert.ok(!isTooShort(wanted({ q })), q);
});

test("a suggestion stands where what it is for stood, whatever letters are before it", () => {
  const hint = { text: "", start: 5, end: 16, instead: "speaker:ada" };
  assert.equal(suggested("tea😀 spaeker:ada now", hint), "tea😀 speaker:ada now");
  assert.equal(suggested("tea spaeker:", { text: "", start: 4, end: 12 }), "tea");
});

test("marks of code points are where the page's text has those letters", () => {
  const text = "😀 tea";
  const [mark] = textMarks(text, [[2, 5]]);
  assert.equal(text.slice(mark.start, mark.end), "tea");
  assert.deepEqual(textMarks("tea", [[1, 99]]), [{ start: 1, end: 3, kind: "found" }]);
});

test("where nothing was found there are ways on, and each asks for something else", () => {
  const kinds = (over) => waysOn(wanted(over)).map(({ kind, wanted: { q, speaker } }) => `${kind} ${q} ${speaker}`.trim());
  assert.deepEqual(kinds({ q: '"kettle boiled"', speaker: "Ada" }), [
    'filters "kettle boiled"',
    "quotes kettle boiled Ada",
    "any kettle OR boiled Ada",
    "beginning kett* boil* Ada",
  ]);
  assert.deepEqual(kinds({ q: "tea" }), []);
  assert.deepEqual(kinds({ host: "Ada" }), []);
});

const found = (id, instance, captions, more = 0) => ({ room: { id }, instance, track: "", hits: captions.map((caption) => ({ caption })), more });
const shape = (rooms) => rooms.map(({ room, instance, hits, more }) => `${room.id}${instance} ${hits.map(({ caption }) => caption).join("")} ${more}`);

test("another page goes on where a room ended, and counts what is shown", () => {
  const rooms = [found("a", 1, ["x", "y"], 3), found("b", 1, ["x"])];
  const page = [found("a", 1, ["z"], 4), found("c", 1, ["x"])];
  assert.deepEqual(shape(withPage(rooms, page)), ["a1 xyz 2", "b1 x 0", "c1 x 0"]);
});

test("more of a room comes below what is shown of it, until there is no more", () => {
  const rooms = [found("b", 1, ["x"]), found("a", 1, ["x"], 4), found("c", 1, ["x"]), found("a", 2, ["p"])];
  const first = withMoreOf(rooms, "a", { rooms: [found("a", 1, ["y", "x"], 9), found("q", 1, ["x"])], goesOn: true });
  assert.deepEqual(shape(first), ["b1 x 0", "a1 xy 0", "a2 p 3", "c1 x 0"]);
  const second = withMoreOf(first, "a", { rooms: [found("a", 3, ["m", "n"])], goesOn: false });
  assert.deepEqual(shape(second), ["b1 x 0", "a1 xy 0", "a2 p 0", "a3 mn 0", "c1 x 0"]);
});

test("there are words for every way on, and for every filter", () => {
  for (const kind of ["filters", "quotes", "any", "beginning"]) assert.ok(strings.finding.none.ways[kind]("x"));
});

/** A clock whose time is moved by hand, and questions that are answered by hand. */
function stage() {
  const timers = new Map();
  const said = [];
  const questions = [];
  let now = 0;
  const clock = {
    later: (action, delayMs) => {
      timers.set(timers.size + 1, { action, at: now + delayMs });
      return timers.size;
    },
    cancel: (timer) => timers.set(timer, null),
    nowMs: () => now,
  };
  const asking = new Asking(
    {
      ask: ({ q }, signal) => new Promise((answer, fail) => questions.push({ q, answer, fail, signal })),
      onAnswer: (answer) => said.push(answer),
      onError: (error) => said.push(`error ${error}`),
      onBusy: (busy) => busy && said.push("busy"),
      onSettled: (answer) => said.push(`settled ${answer}`),
    },
    clock,
  );
  const pass = async (ms) => {
    now += ms;
    for (const [timer, one] of [...timers]) {
      if (!one || one.at > now) continue;
      timers.set(timer, null);
      one.action();
    }
    for (let i = 0; i < 5; i++) await null;
  };
  return { asking, said, questions, pass };
}

test("letters that come fast are asked for once, and what was found is told when they cease", async () => {
  const { asking, said, questions, pass } = stage();
  asking.soon({ q: "te" });
  await pass(50);
  asking.soon({ q: "tea" });
  await pass(130);
  assert.deepEqual(questions.map(({ q }) => q), ["tea"]);
  questions[0].answer("tea");
  await pass(100);
  assert.deepEqual(said, ["tea"]);
  await pass(1000);
  assert.deepEqual(said, ["tea", "settled tea"]);
});

test("an older answer never comes after a newer one, and is welcome before it", async () => {
  const { asking, said, questions, pass } = stage();
  for (const q of ["te", "tea", "teas"]) {
    asking.soon({ q });
    await pass(130);
  }
  questions[0].answer("te");
  await pass(0);
  questions[2].answer("teas");
  await pass(0);
  questions[1].answer("tea");
  await pass(5000);
  assert.deepEqual(said, ["te", "teas", "settled teas"]);
});

test("what is asked at once leaves nothing of before it, and is told at once", async () => {
  const { asking, said, questions, pass } = stage();
  asking.soon({ q: "te" });
  await pass(130);
  void asking.now({ q: "coffee" });
  questions[0].answer("te");
  await pass(0);
  assert.ok(questions[0].signal.aborted);
  questions[1].answer("coffee");
  await pass(0);
  await pass(0);
  assert.deepEqual(said, ["coffee", "settled coffee"]);
});

test("what failed is said of the newest question alone, and waiting only when it is long", async () => {
  const { asking, said, questions, pass } = stage();
  asking.soon({ q: "te" });
  await pass(130);
  asking.soon({ q: "tea" });
  await pass(130);
  questions[0].fail("old");
  await pass(0);
  assert.deepEqual(said, []);
  await pass(500);
  questions[1].fail("new");
  await pass(5000);
  assert.deepEqual(said, ["busy", "error new"]);
});
