import assert from "node:assert/strict";
import { test } from "node:test";
import { choiceOf, sentencesText } from "../../web/announcements.js";
import { Announcer } from "../../web/announcer.js";

/** An announcer whose clock stands until it is moved. */
function listener(words = "one two three") {
  const said = [];
  const timers = [];
  let now = 0;
  const clock = {
    later: (action, delayMs) => timers.push({ action, at: now + delayMs }),
    nowMs: () => now,
  };
  const announcer = new Announcer((items, skipped) => {
    said.push({ at: now, items, skipped });
    return words;
  }, clock);
  const wait = (ms) => {
    const until = now + ms;
    for (;;) {
      const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers.splice(timers.indexOf(next), 1);
      now = next.at;
      next.action();
    }
    now = until;
  };
  return { announcer, said, wait };
}

/** 20 words: 6 s of speech. */
const LONG = Array(20).fill("word").join(" ");

const texts = (said) => said.map(({ items }) => items.join(" "));

test("a caption is said within a fifth of a second", () => {
  const { announcer, said, wait } = listener();
  announcer.announce("one");
  wait(200);
  assert.deepEqual(said, [{ at: 150, items: ["one"], skipped: 0 }]);
});

test("the two parts of one utterance are said together, and of more the newest two", () => {
  const { announcer, said, wait } = listener();
  for (const text of ["one", "two"]) announcer.announce(text);
  wait(5000);
  for (const text of ["three", "four", "five"]) announcer.announce(text);
  wait(5000);
  assert.deepEqual(texts(said), ["one two", "four five"]);
  assert.deepEqual(said[1].skipped, 1);
});

test("one is spoken and one waits: a newer one takes its place, and those left out are counted", () => {
  const { announcer, said, wait } = listener();
  for (const text of ["one", "two", "three", "four"]) {
    announcer.announce(text);
    wait(200);
  }
  wait(5000);
  assert.deepEqual(texts(said), ["one", "four"]);
  assert.equal(said[1].skipped, 2);
});

test("what has waited longer than a second and a half is left out", () => {
  const { announcer, said, wait } = listener(LONG);
  announcer.announce("one");
  wait(1000);
  announcer.announce("late");
  wait(10_000);
  announcer.announce("next");
  wait(200);
  assert.deepEqual(texts(said), ["one", "next"]);
  assert.equal(said[1].skipped, 1);
});

test("what comes shortly before the end of speech is said after it", () => {
  const { announcer, said, wait } = listener(LONG);
  announcer.announce("one");
  wait(5000);
  announcer.announce("in time");
  wait(10_000);
  assert.deepEqual(said.map(({ at }) => at), [150, 6150]);
});

test("clearing drops what waits and what is being gathered", () => {
  const { announcer, said, wait } = listener();
  announcer.announce("one");
  wait(200);
  announcer.announce("two");
  wait(200);
  announcer.announce("three");
  announcer.clear();
  wait(10_000);
  assert.deepEqual(texts(said), ["one"]);
});

test("however captions come, never two are begun while one is spoken and none waits for long", () => {
  let seed = 7;
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  const { announcer, said, wait } = listener(LONG);
  const came = [];
  for (let i = 0; i < 300; i++) {
    let now = came.at(-1)?.now ?? 0;
    const step = Math.floor(chance() * 4000);
    wait(step);
    now += step;
    came.push({ now, i });
    announcer.announce(i);
  }
  wait(10_000);
  for (const [n, { at, items }] of said.entries()) {
    if (n) assert.ok(at - said[n - 1].at >= 6000);
    for (const i of items) assert.ok(at - came[i].now <= 150 + 1500);
  }
  const heard = said.reduce((sum, { items, skipped }) => sum + items.length + skipped, 0);
  assert.ok(heard <= 300 && heard > 250, `${heard} of 300 were said or counted`);
});

const caption = (name, text) => ({ speaker: name && { id: name, name }, text });

test("a name is said where another speaker begins, and with what is left out before it", () => {
  const words = sentencesText([caption("Ada", "One."), caption("Ada", "Two."), caption("Ben", "Three.")], null, 0);
  assert.equal(words, "Ada: One. Two. Ben: Three.");
  assert.equal(sentencesText([caption("Ada", "Four.")], "Ada", 2), "2 captions left out. Four.");
  assert.equal(sentencesText([caption(null, "Five.")], "Ada", 0), "Unknown speaker: Five.");
});

test("who had announcements on before there was a choice hears whole captions", () => {
  assert.deepEqual(["on", "off", "speakers", "nonsense", null].map(choiceOf), [
    "sentences",
    "off",
    "speakers",
    "off",
    "off",
  ]);
});
