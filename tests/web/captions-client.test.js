import assert from "node:assert/strict";
import { test } from "node:test";
import { CaptionsClient, PROTOCOL, parse, retryDelayMs } from "../../web/captions-client.js";

/** A world without network and time: sockets and timers are moved by the test. */
function world({ latestSeq = 0 } = {}) {
  const sockets = [];
  const timers = new Map();
  const heard = { messages: [], connections: [] };
  const place = { latestSeq };
  let timer = 0;
  const client = new CaptionsClient({
    address: (after) => `ws://here/captions?after=${after}`,
    latestSeq: () => place.latestSeq,
    onMessage: (message) => heard.messages.push(message),
    onConnection: (connection, code) => heard.connections.push(code ? `${connection} ${code}` : connection),
    open: (address, protocol) => {
      const socket = { address, protocol, sent: [], readyState: 1 };
      socket.send = (text) => socket.sent.push(JSON.parse(text));
      socket.close = () => (socket.readyState = 3);
      sockets.push(socket);
      return socket;
    },
    later: (action, delayMs) => {
      timers.set(++timer, { action, delayMs });
      return timer;
    },
    cancel: (id) => timers.delete(id),
    chance: () => 1,
  });
  const elapse = () => {
    const [[id, { action, delayMs }]] = timers;
    timers.delete(id);
    action();
    return delayMs;
  };
  const lose = (code) => {
    const socket = sockets.at(-1);
    socket.readyState = 3;
    socket.onclose({ code });
  };
  return { client, sockets, timers, heard, place, elapse, lose };
}

test("it speaks captions.v1", () => {
  const { client, sockets } = world();
  client.connect();
  assert.equal(sockets[0].protocol, PROTOCOL);
});

test("after a loss it goes on behind the newest entry it has", () => {
  const { client, sockets, place, elapse, lose } = world();
  client.connect();
  sockets[0].onopen();
  place.latestSeq = 41;

  lose(1006);
  elapse();

  assert.equal(sockets.length, 2);
  assert.equal(sockets[1].address, "ws://here/captions?after=41");
});

test("attempts come ever more slowly, up to a limit", () => {
  const { client, elapse, lose } = world();
  client.connect();
  const delays = [];
  for (let i = 0; i < 7; i++) {
    lose(1006);
    delays.push(elapse());
  }
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
});

test("chance spreads attempts over half the delay", () => {
  assert.equal(retryDelayMs(2, 0), 1000);
  assert.equal(retryDelayMs(2, 1), 2000);
});

test("a word from the server makes the next attempt quick again", () => {
  const { client, sockets, elapse, lose } = world();
  client.connect();
  lose(1006);
  elapse();
  lose(1006);
  elapse();
  sockets.at(-1).onopen();
  sockets.at(-1).onmessage({ data: '{"type":"pong"}' });

  lose(1006);

  assert.equal(elapse(), 500);
});

test("a listener who paused is still paused after a reconnect", () => {
  const { client, sockets, elapse, lose } = world();
  client.connect();
  sockets[0].onopen();
  client.pause();

  lose(1006);
  elapse();
  sockets[1].onopen();

  assert.deepEqual(sockets[1].sent, [{ type: "pause" }]);
});

test("a room that does not exist is not asked for again", () => {
  const { client, timers, heard, lose } = world();
  client.connect();
  lose(4404);
  client.connect();

  assert.deepEqual(heard.connections, ["connecting", "closed 4404"]);
  assert.equal(timers.size, 0);
});

test("a bad token can be followed by an attempt without one", () => {
  const { client, sockets, lose } = world();
  client.connect();
  lose(4401);
  client.connect();
  assert.equal(sockets.length, 2);
});

test("a silent connection is asked for a sign of life and then given up", () => {
  const { client, sockets, heard, elapse } = world();
  client.connect();
  sockets[0].onopen();

  const untilAskedMs = elapse();
  assert.deepEqual(sockets[0].sent, [{ type: "ping" }]);
  const untilGivenUpMs = elapse();

  assert.equal(heard.connections.at(-1), "lost 1006");
  assert.ok(untilAskedMs + untilGivenUpMs <= 8000, "a cut is noticed within seconds");
});

test("a network that is gone is a lost connection at once, and a new one is tried", () => {
  const { client, sockets, heard, elapse } = world();
  client.connect();
  sockets[0].onopen();
  client.giveUp();
  assert.equal(heard.connections.at(-1), "lost 1006");
  elapse();
  assert.equal(sockets.length, 2);
});

test("nothing is sent while there is no connection", () => {
  const { client } = world();
  assert.equal(client.scrollback({ before: 10, limit: 50 }), false);
});

test("what is not a message is ignored", () => {
  const { client, sockets, heard } = world();
  client.connect();
  for (const data of ["", "{", "[]", "null", '{"no":"type"}']) sockets[0].onmessage({ data });

  assert.deepEqual(heard.messages, []);
  assert.equal(parse('{"type":"pong"}').type, "pong");
});

test("who hung up is not connected again", () => {
  const { client, sockets, timers } = world();
  client.connect();
  client.stop();
  client.connect();
  assert.equal(sockets.length, 1);
  assert.equal(timers.size, 0);
});

test("an attempt that nobody answers is given up, and another one is made", () => {
  const { client, sockets, heard, elapse } = world();
  client.connect();

  const untilGivenUpMs = elapse();

  assert.ok(untilGivenUpMs <= 10_000);
  assert.equal(heard.connections.at(-1), "lost 1006");
  elapse();
  assert.equal(sockets.length, 2);
});
