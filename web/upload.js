/** @file A file on its way to the server. `fetch` cannot tell how much was sent. */

import { ApiError, authorization } from "./http.js";
import { strings } from "./strings.js";

/** A file that is being sent. */
export class Upload {
  #request = new XMLHttpRequest();

  /**
   * Send a file as it is.
   * @param {string} address
   * @param {File} file
   * @param {(share: number) => void} onProgress is told how much was sent, from 0 to 1
   * @returns {Promise<any>} the JSON answer; null when it was cancelled
   */
  send(address, file, onProgress) {
    const request = this.#request;
    request.open("POST", address);
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    return new Promise((resolve, reject) => {
      request.addEventListener("abort", () => resolve(null));
      request.addEventListener("error", () => reject(new ApiError(0, strings.import.broken)));
      request.addEventListener("load", () => {
        const answer = parsed(request.responseText);
        if (request.status >= 200 && request.status < 300) return resolve(answer);
        reject(new ApiError(request.status, String(answer?.detail || strings.errors.server), answer?.field));
      });
      request.send(file);
    });
  }

  /** Give it up; the server leaves nothing of it. */
  cancel() {
    this.#request.abort();
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
