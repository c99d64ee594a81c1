/** @file What is said of a stretch without captions. */

import { strings } from "./strings.js";
import { clock } from "./times.js";

/**
 * A span off the record is told when it begins, with no length, and again when it is over.
 * @param {{start: number, end: number, reason: string}} gap times in seconds of the room
 */
export function gapText({ start, end, reason }) {
  const { captions } = strings;
  if (reason !== "off-record") return captions.gap(end - start, reason);
  return end > start ? captions.wasOffRecord(clock(start), clock(end)) : captions.isOffRecord(clock(start));
}
