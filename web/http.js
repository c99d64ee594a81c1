/** @file The HTTP API and who is signed in. */

import { strings } from "./strings.js";

/** @typedef {import("./types.js").Person} Person */

const TOKEN_KEY = "roomscribe.token";

/** A request that did not work; its message can be shown to people. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when the server was not reached
   * @param {string} message
   * @param {string} [field] the value that was not accepted
   * @param {string} [type] the kind of problem, as the API names it
   */
  constructor(status, message, field = "", type = "") {
    super(message);
    this.status = status;
    this.field = field;
    this.type = type;
  }
}

/** @returns {string} the kept token, or "" */
export function token() {
  return localStorage.getItem(TOKEN_KEY) ?? "";
}

/** Forget who was signed in. */
export function signOut() {
  localStorage.removeItem(TOKEN_KEY);
}

/**
 * Ask the server; errors become `ApiError`.
 * @param {string} method
 * @param {string} path below `/v1`
 * @param {unknown} [body] sent as JSON
 * @returns {Promise<any>} the JSON answer, or null when there is none
 */
export async function api(method, path, body) {
  const init = { method, headers: { ...authorization() } };
  if (body !== undefined) {
    Object.assign(init.headers, { "Content-Type": "application/json" });
    Object.assign(init, { body: JSON.stringify(body) });
  }
  const response = await request(`/v1${path}`, init);
  const answer = await response.text();
  return answer ? JSON.parse(answer) : null;
}

/**
 * Fetch anything; errors become `ApiError` with what the server's problem document says.
 * @param {string} url
 * @param {RequestInit} init
 */
export async function request(url, init) {
  let response;
  try {
    response = await fetch(url, init);
  } catch {
    throw new ApiError(0, strings.errors.network);
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  const message = problem.detail || problem.title || strings.errors.server;
  throw new ApiError(response.status, String(message), problem.field, String(problem.type ?? ""));
}

/** @returns {Record<string, string>} */
export function authorization() {
  return token() ? { Authorization: `Bearer ${token()}` } : {};
}

/**
 * An address that says who asks, for media elements and downloads: they cannot send a header.
 * @param {string} address
 */
export function signed(address) {
  if (!token()) return address;
  const url = new URL(address, location.href);
  url.searchParams.set("token", token());
  return url.href;
}

/**
 * @param {string} name
 * @returns {Promise<Person>}
 */
export async function signIn(name) {
  const answer = await api("POST", "/session", { name });
  localStorage.setItem(TOKEN_KEY, answer.token);
  return answer.user;
}

/**
 * Who the kept token stands for; a token that is no longer good is forgotten.
 * @returns {Promise<Person | null>}
 */
export async function whoAmI() {
  if (!token()) return null;
  try {
    return (await api("GET", "/session")).user;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) signOut();
    return null;
  }
}
