/** @file More of what was found, put to what is shown: nothing that is shown moves. Pure. */

/** @typedef {import("./search-types.js").FoundRoom} FoundRoom */

/** @param {FoundRoom} found */
export function keyOf({ room, instance, track }) {
  return `${room.id} ${instance} ${track}`;
}

/**
 * Add another page of results; a room may go on from the page before.
 * @param {readonly FoundRoom[]} rooms
 * @param {readonly FoundRoom[]} page
 */
export function withPage(rooms, page) {
  const { known, fresh } = joined(rooms, page);
  return [...known, ...fresh];
}

/**
 * Add more of what was found in one room.
 * @param {readonly FoundRoom[]} rooms
 * @param {string} roomId
 * @param {{rooms: readonly FoundRoom[], goesOn: boolean}} more what else may be among them is left out
 */
export function withMoreOf(rooms, roomId, { rooms: found, goesOn }) {
  const isIt = (/** @type {FoundRoom} */ { room }) => room.id === roomId;
  const before = rooms.filter(isIt);
  const total = before.reduce((sum, { hits, more }) => sum + hits.length + more, 0);
  const { known, fresh } = joined(before, found.filter(isIt));
  const all = [...known, ...fresh];
  const count = all.reduce((sum, { hits }) => sum + hits.length, 0);
  // What leads to still more stands below the last of them.
  const left = goesOn ? Math.max(1, total - count) : 0;
  const grown = all.map((one, index) => ({ ...one, more: index === all.length - 1 ? left : 0 }));
  const at = rooms.findIndex(isIt);
  return [...rooms.slice(0, at), ...grown, ...rooms.slice(at).filter((one) => !isIt(one))];
}

/**
 * @param {readonly FoundRoom[]} rooms
 * @param {readonly FoundRoom[]} page
 */
function joined(rooms, page) {
  const more = new Map(page.map((one) => [keyOf(one), one]));
  const known = rooms.map((one) => grown(one, more.get(keyOf(one))));
  const keys = new Set(rooms.map(keyOf));
  return { known, fresh: page.filter((one) => !keys.has(keyOf(one))) };
}

/**
 * @param {FoundRoom} found
 * @param {FoundRoom | undefined} more of the same
 * @returns {FoundRoom}
 */
function grown(found, more) {
  if (!more) return found;
  const shown = new Set(found.hits.map(({ caption }) => caption));
  const hits = [...found.hits, ...more.hits.filter(({ caption }) => !shown.has(caption))];
  // It does not count what other pages have shown.
  return { ...more, hits, more: Math.max(0, more.hits.length + more.more - hits.length) };
}
