/** @file What is said of a stretch without captions, or without sound. */

import { strings } from "./strings.js";
import { clock } from "./times.js";

/**
 * A span off the record is told when it begins, with no length, and again when it is over.
 * @param {{start: number, end: number, reason: string, silent?: boolean}} gap times in seconds of the room
 */
export function gapText({ start, end, reason, silent }) {
  const { captions, recordings } = strings;
  if (silent) return recordings.loss(end - start, reason);
  if (reason === "unpublished") return captions.unpublished(clock(start), clock(end));
  if (reason === "deleted") return captions.deleted(clock(start), clock(end));
  if (reason === "cut") return captions.cut(clock(start), clock(end));
  if (reason !== "off-record") return captions.gap(end - start, reason);
  return end > start ? captions.wasOffRecord(clock(start), clock(end)) : captions.isOffRecord(clock(start));
}
