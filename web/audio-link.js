/** @file Sound over WebRTC: WHIP to speak, WHEP to listen. No trickle: one offer, one answer. */

import { authorization, request } from "./http.js";

/** @typedef {"connecting" | "connected" | "lost" | "failed" | "closed"} LinkState */

const GATHER_MS = 1000;
const RETRIES_MS = [500, 1500, 4000, 8000];

/** One direction of sound, which is connected anew when it is lost. */
export class AudioLink {
  #url;
  #stream;
  #onState;
  #onTrack;
  /** @type {RTCPeerConnection | null} */
  #peer = null;
  #location = "";
  #closed = false;
  #attempt = 0;

  /**
   * @param {object} options
   * @param {string} options.url WHIP or WHEP endpoint
   * @param {MediaStream | null} options.stream what to send, or null to receive
   * @param {(state: LinkState, error?: unknown) => void} options.onState
   * @param {(stream: MediaStream) => void} [options.onTrack]
   */
  constructor({ url, stream, onState, onTrack }) {
    this.#url = url;
    this.#stream = stream;
    this.#onState = onState;
    this.#onTrack = onTrack ?? (() => {});
  }

  /** Connect; the outcome is told as a state. */
  async open() {
    this.#onState("connecting");
    try {
      await this.#negotiate();
    } catch (error) {
      this.#retry(error);
    }
  }

  /** Hang up, and tell the server so. */
  close() {
    this.#closed = true;
    this.#hangUp();
    this.#onState("closed");
  }

  async #negotiate() {
    const peer = new RTCPeerConnection({ iceServers: [] });
    this.#peer = peer;
    const [track] = this.#stream?.getAudioTracks() ?? [];
    if (track && this.#stream) {
      peer.addTransceiver(track, { direction: "sendonly", streams: [this.#stream] });
    } else peer.addTransceiver("audio", { direction: "recvonly" });
    peer.ontrack = (event) => this.#onTrack(event.streams[0] ?? new MediaStream([event.track]));
    peer.onconnectionstatechange = () => this.#connectionChanged(peer);
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const response = await request(this.#url, {
      method: "POST",
      headers: { "Content-Type": "application/sdp", ...authorization() },
      body: peer.localDescription?.sdp ?? "",
    });
    this.#location = response.headers.get("Location") ?? "";
    const sdp = await response.text();
    if (this.#closed) this.#hangUp();
    else await peer.setRemoteDescription({ type: "answer", sdp });
  }

  /** @param {RTCPeerConnection} peer */
  #connectionChanged(peer) {
    if (peer !== this.#peer || this.#closed) return;
    if (peer.connectionState === "connected") {
      this.#attempt = 0;
      this.#onState("connected");
    } else if (peer.connectionState === "failed" || peer.connectionState === "closed") {
      this.#retry(new Error(peer.connectionState));
    }
  }

  /** @param {unknown} error */
  #retry(error) {
    this.#hangUp();
    if (this.#closed) return;
    const status = /** @type {{status?: number}} */ (error)?.status ?? 0;
    const delayMs = RETRIES_MS[this.#attempt++];
    if (delayMs === undefined || (status >= 400 && status < 500)) {
      this.#closed = true;
      this.#onState("failed", error);
      return;
    }
    this.#onState("lost", error);
    setTimeout(() => this.#closed || void this.open(), delayMs);
  }

  #hangUp() {
    const [peer, location] = [this.#peer, this.#location];
    this.#peer = null;
    this.#location = "";
    peer?.close();
    if (location) {
      const init = { method: "DELETE", headers: authorization(), keepalive: true };
      request(location, init).catch(() => {}); // the server notices by itself too
    }
  }
}

/**
 * Wait until all addresses are known, but not long.
 * @param {RTCPeerConnection} peer
 * @returns {Promise<void>}
 */
function gathered(peer) {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, GATHER_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState === "complete") resolve();
    });
  });
}
