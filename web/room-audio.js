/** @file Listening to a room and speaking in it: two buttons, mute, and clear words for trouble. */

import { AudioLink } from "./audio-link.js";
import { byId, setText } from "./dom.js";
import { api, authorization, request } from "./http.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./session-ui.js").SessionUi} SessionUi
 * @typedef {import("./audio-link.js").LinkState} LinkState
 */

/** The sound of one room. */
export class RoomAudio {
  #roomId;
  #session;
  #listen = byId("listen", HTMLButtonElement);
  #speak = byId("speak", HTMLButtonElement);
  #mute = byId("mute", HTMLButtonElement);
  #player = byId("player", HTMLAudioElement);
  /** @type {AudioLink | null} */
  #listening = null;
  /** @type {AudioLink | null} */
  #speaking = null;
  /** @type {MediaStream | null} */
  #microphone = null;
  /** Whether this person stays in the room when its sound ends. */
  stays = () => false;

  /**
   * @param {string} roomId
   * @param {SessionUi} session
   */
  constructor(roomId, session) {
    this.#roomId = roomId;
    this.#session = session;
    this.#listen.addEventListener("click", () => this.toggleListening());
    this.#speak.addEventListener("click", () => void this.#toggleSpeaking());
    this.#mute.addEventListener("click", () => void this.toggleMute());
    addEventListener("pagehide", () => this.stop());
    this.#draw();
  }

  /** @param {string} state of the room; there is sound in live rooms only */
  roomIs(state) {
    const live = state === "live";
    this.#listen.hidden = !live;
    this.#speak.hidden = !live;
    if (!live) this.stop();
    this.#draw();
  }

  /** Hang up everything. */
  stop() {
    if (!this.#listening && !this.#speaking) return;
    this.#stopListening();
    this.#stopSpeaking();
    this.#say(strings.room.audio.stopped);
  }

  toggleListening() {
    if (this.#listening) {
      this.#stopListening();
      this.#say(strings.room.audio.stopped);
    } else void this.#joinAndListen();
  }

  /** Who is signed in joins, and is shown among the people here. */
  async #joinAndListen() {
    this.#say(strings.room.audio.connecting);
    if (this.#session.user) {
      const joining = api("POST", `/rooms/${this.#roomId}/join`, { as: "listener" });
      await joining.catch((error) => this.#say(error.message));
    }
    if (!this.#listening) this.#startListening();
  }

  /** Speak, unless that is so already. */
  speak() {
    if (!this.#speaking) void this.#toggleSpeaking();
  }

  /** Somebody else muted this person: their own microphone is to say so. */
  mutedByOther() {
    const [track] = this.#microphone?.getAudioTracks() ?? [];
    if (!track?.enabled) return;
    track.enabled = false;
    this.#draw();
    this.#say(strings.room.audio.muted);
  }

  async toggleMute() {
    const [track] = this.#microphone?.getAudioTracks() ?? [];
    if (!track || !this.#session.user) return;
    track.enabled = !track.enabled;
    this.#draw();
    this.#say(track.enabled ? strings.room.audio.speaking : strings.room.audio.muted);
    const path = `/rooms/${this.#roomId}/participants/${this.#session.user.id}`;
    await api("PATCH", path, { muted: !track.enabled }).catch((error) => this.#say(error.message));
  }

  #startListening() {
    this.#listening = new AudioLink({
      url: `/v1/rooms/${this.#roomId}/whep`,
      stream: null,
      onState: (state, error) => this.#linkIs(state, error, strings.room.audio.listening),
      onTrack: (stream) => this.#play(stream),
    });
    void this.#listening.open();
    this.#draw();
  }

  /** @param {MediaStream} stream */
  #play(stream) {
    this.#player.srcObject = stream;
    this.#player.play().catch(() => this.#say(strings.room.audio.blocked));
  }

  #stopListening() {
    this.#listening?.close();
    this.#listening = null;
    this.#player.srcObject = null;
    this.#leaveWhenSilent();
    this.#draw();
  }

  #leaveWhenSilent() {
    if (this.#listening || this.#speaking || !this.#session.user || this.stays()) return;
    const init = { method: "POST", headers: authorization(), keepalive: true };
    request(`/v1/rooms/${this.#roomId}/leave`, init).catch(() => {}); // the room may be over
  }

  async #toggleSpeaking() {
    if (this.#speaking) {
      this.#stopSpeaking();
      this.#say(strings.room.audio.stopped);
      return;
    }
    if (!(await this.#session.need())) return;
    try {
      await api("POST", `/rooms/${this.#roomId}/join`, { as: "speaker" });
      this.#microphone = await openMicrophone();
    } catch (error) {
      this.#say(/** @type {Error} */ (error).message);
      return;
    }
    this.#startSpeaking(this.#microphone);
  }

  /** @param {MediaStream} microphone */
  #startSpeaking(microphone) {
    this.#speaking = new AudioLink({
      url: `/v1/rooms/${this.#roomId}/whip`,
      stream: microphone,
      onState: (state, error) => this.#linkIs(state, error, strings.room.audio.speaking),
    });
    void this.#speaking.open();
    if (!this.#listening) this.#startListening();
    this.#draw();
  }

  #stopSpeaking() {
    this.#speaking?.close();
    this.#speaking = null;
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.#microphone = null;
    this.#leaveWhenSilent();
    this.#draw();
  }

  /**
   * @param {LinkState} state
   * @param {unknown} error
   * @param {string} connected what to say when it works
   */
  #linkIs(state, error, connected) {
    const { connecting, lost, failed } = strings.room.audio;
    if (state === "connecting") this.#say(connecting);
    else if (state === "connected") this.#say(this.#speaking ? this.#speakingText() : connected);
    else if (state === "lost") this.#say(lost);
    else if (state === "failed") {
      const status = /** @type {{status?: number}} */ (error)?.status ?? 0;
      this.#stopListening();
      this.#stopSpeaking();
      if ([401, 403].includes(status) && !this.#session.user) void this.#signInAndListen();
      else this.#say(status ? `${failed} ${/** @type {Error} */ (error).message}` : failed);
    }
  }

  /** A room may want to know the names of those who listen. */
  async #signInAndListen() {
    this.#say(strings.room.audio.needName);
    if (await this.#session.need()) await this.#joinAndListen();
  }

  #speakingText() {
    const enabled = this.#microphone?.getAudioTracks()[0]?.enabled ?? false;
    return enabled ? strings.room.audio.speaking : strings.room.audio.muted;
  }

  /** @param {string} text */
  #say(text) {
    setText(byId("audio-status"), text);
  }

  #draw() {
    const enabled = this.#microphone?.getAudioTracks()[0]?.enabled ?? false;
    const { room } = strings;
    setText(this.#listen, this.#listening ? room.stopListening : room.listen);
    setText(this.#speak, this.#speaking ? room.stopSpeaking : room.speak);
    setText(this.#mute, enabled ? room.mute : room.unmute);
    this.#mute.hidden = !this.#speaking;
  }
}

/**
 * @returns {Promise<MediaStream>}
 * @throws {Error} whose message says what to do
 */
async function openMicrophone() {
  const { audio } = strings.room;
  if (!navigator.mediaDevices) throw new Error(audio.microphoneInsecure);
  try {
    const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return await navigator.mediaDevices.getUserMedia({ audio: sound });
  } catch (error) {
    const { name } = /** @type {DOMException} */ (error);
    if (name === "NotFoundError" || name === "OverconstrainedError") {
      throw new Error(audio.microphoneAbsent);
    }
    throw new Error(name === "NotReadableError" ? audio.microphoneBusy : audio.microphoneRefused);
  }
}
