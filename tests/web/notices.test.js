import assert from "node:assert/strict";
import { test } from "node:test";
import { NoticeQueue } from "../../web/notices.js";

function board() {
  const shown = [];
  let [now, timers, number] = [0, [], 0];
  const clock = {
    later: (action, delayMs) => {
      number += 1;
      timers.push({ number, action, at: now + delayMs });
      return number;
    },
    cancel: (timer) => {
      timers = timers.filter((one) => one.number !== timer);
    },
  };
  const queue = new NoticeQueue((text) => shown.push([now / 1000, text]), clock);
  const wait = (seconds) => {
    const until = now + seconds * 1000;
    for (;;) {
      const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((one) => one !== next);
      now = next.at;
      next.action();
    }
    now = until;
  };
  return { queue, shown, wait, tell: (text, lasting = false) => queue.add({ text, lasting }) };
}

test("a notice stays for ten seconds and half a second for each word", () => {
  const { shown, wait, tell } = board();
  tell("Your place is marked.");
  wait(60);
  assert.deepEqual(shown, [[0, "Your place is marked."], [12, ""]]);
});

test("what is true no more gives way at once, and to nothing that somebody is reading", () => {
  const { queue, shown, wait } = board();
  const tell = (text) => queue.add({ text, lasting: false, topic: "recording" });
  tell("Recorded.");
  wait(1);
  tell("Off the record.");
  queue.hold();
  wait(1);
  tell("Recorded again.");
  tell("Stopped.");
  queue.dismiss();
  assert.deepEqual(shown, [[0, "Recorded."], [1, "Off the record."], [2, "Stopped."]]);
});

test("a newer one waits until the one before could be read", () => {
  const { shown, wait, tell } = board();
  tell("one");
  wait(2);
  tell("two");
  tell("three");
  wait(60);
  assert.deepEqual(shown, [[0, "one"], [6, "two"], [12, "three"], [22.5, ""]]);
});

test("what went wrong stays until it is dismissed or another notice comes", () => {
  const { queue, shown, wait, tell } = board();
  tell("broken", true);
  wait(600);
  queue.dismiss();
  tell("broken again", true);
  wait(60);
  tell("well");
  assert.deepEqual(shown, [[0, "broken"], [600, ""], [600, "broken again"], [660, "well"]]);
});

test("nothing disappears under the pointer or the focus", () => {
  const { queue, shown, wait, tell } = board();
  tell("one");
  wait(8);
  queue.hold();
  tell("two");
  wait(600);
  assert.equal(shown.length, 1);
  queue.release();
  wait(7);
  assert.deepEqual(shown.at(-1), [614, "two"]);
});

test("the same notice again stays longer, and of a swarm the newest three come", () => {
  const { shown, wait, tell } = board();
  tell("again");
  wait(9);
  tell("again");
  wait(9);
  for (const text of ["a", "b", "c", "d", "e"]) tell(text);
  wait(60);
  assert.deepEqual(shown.map(([, text]) => text), ["again", "again", "a", "c", "d", "e", ""]);
});
