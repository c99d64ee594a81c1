import assert from "node:assert/strict";
import { test } from "node:test";
import { Announcer } from "../../web/announcer.js";

function listener() {
  const said = [];
  const timers = [];
  const announcer = new Announcer((text) => said.push(text), (action) => timers.push(action));
  return { announcer, said, finishSpeaking: () => timers.shift()() };
}

test("nothing is announced until it is asked for", () => {
  const { announcer, said } = listener();
  announcer.announce("hello");
  assert.deepEqual(said, []);
});

test("while one is spoken only the newest of the others waits", () => {
  const { announcer, said, finishSpeaking } = listener();
  announcer.enabled = true;
  for (const text of ["one", "two", "three", "four"]) announcer.announce(text);
  assert.deepEqual(said, ["one"]);

  finishSpeaking();

  assert.deepEqual(said, ["one", "four"]);
});

test("turning announcements off drops what waits", () => {
  const { announcer, said, finishSpeaking } = listener();
  announcer.enabled = true;
  announcer.announce("one");
  announcer.announce("two");
  announcer.enabled = false;
  finishSpeaking();
  assert.deepEqual(said, ["one"]);
});
