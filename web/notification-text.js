/** @file A notification in words. Pure. */

import { strings } from "./strings.js";

/** @typedef {import("./notification-feed.js").Notification} Notification */

/**
 * Its line: what happened.
 * @param {Notification} notification
 */
export function notificationTitle({ kind, title, name, room, way, target, why, gone }) {
  const { mention, mentionGone, webhookStopped, emailStopped } = strings.notifications;
  if (kind === "mention" && gone && room) return mentionGone(room.title);
  if (kind === "mention" && name && room) return mention(name, room.title);
  if (kind === "way-stopped" && target && why) return (way === "email" ? emailStopped : webhookStopped)(target, why);
  return title; // of a kind that this page does not know yet
}

/**
 * All of it in one text.
 * @param {Notification} notification
 */
export function notificationText(notification) {
  const { text, more } = notification;
  const { said, moreTimes } = strings.notifications;
  const parts = [notificationTitle(notification), text ? said(text) : "", more ? moreTimes(more) : ""];
  return parts.filter(Boolean).join(" ");
}
