/** @file Captions grouped into the turns that people took. Pure. */

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-store.js").Gap} Gap
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {import("./caption-store.js").Hole} Hole
 *
 * @typedef {object} Turn
 * @property {"turn"} kind
 * @property {string} key stays the same from the first interim on
 * @property {import("./types.js").Person | null} speaker
 * @property {number} start
 * @property {number} end
 * @property {Caption[]} captions
 *
 * @typedef {{kind: "gap", key: string, gap: Gap}} GapBlock
 * @typedef {{kind: "hole", key: string, from: number, to: number}} HoleBlock
 * @typedef {{kind: "place", key: string}} PlaceBlock where the reader was
 * @typedef {Turn | GapBlock | HoleBlock | PlaceBlock} Block
 */

/** A pause as long as this, in seconds, begins a new paragraph. */
const PAUSE_S = 4;
/** No paragraph covers more than this many seconds. */
const LONGEST_S = 45;

/** A caption stands before as many gaps at most as began later than it, though they came first. */
const GAPS_BACK = 2;
/** Adding an entry changes no more than this many blocks at the end. */
export const REACH = GAPS_BACK + 1;

/**
 * Add entries at the end of blocks, in place.
 * @param {Block[]} blocks
 * @param {Iterable<Entry | Hole>} rows
 * @param {number} [mark] the last entry that the reader has read: a line follows it
 * @returns {Block[]} the same blocks
 */
export function extend(blocks, rows, mark = 0) {
  for (const row of rows) {
    if (mark && crosses(blocks, mark, row)) blocks.push({ kind: "place", key: "place" });
    if (row.kind === "gap") blocks.push({ kind: "gap", key: `gap-${row.seq}`, gap: row });
    else if (row.kind === "hole") blocks.push({ ...row, key: `hole-${row.from}` });
    else addCaption(blocks, row);
  }
  return blocks;
}

/**
 * Whether the reader's place is between the blocks and what comes next.
 * @param {readonly Block[]} blocks
 * @param {number} mark
 * @param {Entry | Hole} row
 */
function crosses(blocks, mark, row) {
  const last = blocks.at(-1);
  if (!last || last.kind === "place" || lastSeq(last) > mark) return false;
  const seq = row.kind === "hole" ? row.from : row.seq || Number.POSITIVE_INFINITY;
  return seq > mark;
}

/**
 * The highest number in a block; what is still being said is above all numbers.
 * @param {Block} block
 */
export function lastSeq(block) {
  if (block.kind === "turn") return block.captions.at(-1)?.seq || Number.POSITIVE_INFINITY;
  if (block.kind === "gap") return block.gap.seq;
  return block.kind === "hole" ? block.to : 0;
}

/**
 * @param {Block[]} blocks
 * @param {Caption} caption
 */
function addCaption(blocks, caption) {
  const place = placeOf(blocks, caption);
  const before = blocks[place - 1];
  if (before?.kind === "turn" && continues(before, caption)) {
    before.captions.push(caption);
    before.end = Math.max(before.end, caption.end);
  } else blocks.splice(place, 0, turnOf(caption));
}

/**
 * @param {Block[]} blocks
 * @param {Caption} caption
 */
function placeOf(blocks, caption) {
  for (let back = 0; back < GAPS_BACK; back++) {
    const last = blocks[blocks.length - 1 - back];
    if (last?.kind !== "gap" || last.gap.start <= caption.start) return blocks.length - back;
  }
  return blocks.length - GAPS_BACK;
}

/**
 * The blocks from an index on with what is still being said after them; the given ones stay.
 * @param {readonly Block[]} blocks
 * @param {number} from
 * @param {readonly Caption[]} interims
 * @param {number} [mark]
 * @returns {Block[]}
 */
export function tailWith(blocks, from, interims, mark = 0) {
  const tail = blocks.slice(from);
  const open = Math.max(0, tail.length - REACH);
  for (let i = open; i < tail.length; i++) {
    const block = /** @type {Block} */ (tail[i]);
    if (block.kind === "turn") tail[i] = { ...block, captions: [...block.captions] };
  }
  return extend(tail, interims, mark);
}

/**
 * @param {Turn} turn
 * @param {Caption} caption
 */
function continues(turn, caption) {
  return (
    turn.speaker?.id === caption.speaker?.id &&
    Math.abs(caption.start - turn.end) < PAUSE_S &&
    caption.end - turn.start < LONGEST_S
  );
}

/**
 * @param {Caption} caption
 * @returns {Turn}
 */
function turnOf(caption) {
  const { id, speaker, start, end } = caption;
  return { kind: "turn", key: `turn-${id}`, speaker, start, end, captions: [caption] };
}
