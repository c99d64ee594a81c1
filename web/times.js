/** @file Seconds and dates as people read them. Pure. */

/**
 * A place in the room clock: `2:05` or `1:02:05`.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/**
 * A place as the server keeps it: in milliseconds.
 * @param {number} seconds
 */
export function rounded(seconds) {
  return Math.round(Math.max(0, seconds) * 1000) / 1000;
}

/**
 * A machine's duration for `<time datetime>`.
 * @param {number} seconds
 */
export function isoDuration(seconds) {
  return `PT${Math.max(0, Math.floor(seconds))}S`;
}

/**
 * A place asked for in an address: seconds, or `1:02:05`, or `1h2m5s`.
 * @param {string | null} text
 * @returns {number | null}
 */
export function parseTime(text) {
  if (!text) return null;
  if (/^\d+(\.\d+)?s?$/.test(text)) return Number.parseFloat(text);
  if (/^\d+(:\d\d){1,2}$/.test(text)) {
    return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  }
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (!parts) return null;
  return Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0);
}

/**
 * A date and time in the reader's own way.
 * @param {string | null | undefined} iso
 */
export function dateText(iso) {
  if (!iso) return "";
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(date);
}
