// @ts-check
/** Records or uploads to /asr, and speaks through /tts-ws. */

const token = new URLSearchParams(location.search).get("token");
const RATE = 16000;

/** @param {string} path @returns {URL} The address of `path` on this server, with the token. */
function address(path) {
  const url = new URL(path, location.origin);
  if (token) url.searchParams.set("token", token);
  return url;
}

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);

/** @param {string} id @param {string} text */
function report(id, text, failed = false) {
  element(id).textContent = text;
  element(id).classList.toggle("failed", failed);
}

/** @param {Blob} recording */
async function transcribe(recording) {
  report("hear-status", "Listening to the recording…");
  const started = performance.now();
  element("words").textContent = "";
  try {
    const form = new FormData();
    form.append("file", recording, "recording");
    const answer = await fetch(address("/asr"), { method: "POST", body: form });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error ?? `The server answered ${answer.status}.`);
    const took = `${Math.round(performance.now() - started)} ms`;
    report("hear-status", body.text ? `Heard in ${took}.` : `No words were heard (${took}).`);
    element("words").textContent = body.text;
  } catch (error) {
    report("hear-status", `${error instanceof Error ? error.message : error}`, true);
  }
}

/** What the browser records is often WebM; the server reads WAV. @param {Blob} recording */
async function toWav(recording) {
  const context = new OfflineAudioContext(1, 1, RATE);
  const sound = await context.decodeAudioData(await recording.arrayBuffer());
  const samples = sound.getChannelData(0);
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const words = [0x52494646, 0, 0x57415645, 0x666d7420];
  words.forEach((word, at) => view.setUint32(at * 4, word));
  view.setUint32(4, 36 + samples.length * 2, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  view.setUint32(36, 0x64617461);
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, at) =>
    view.setInt16(44 + at * 2, Math.max(-1, Math.min(1, sample)) * 32767, true),
  );
  return new Blob([view], { type: "audio/wav" });
}

/** @type {MediaRecorder | undefined} */
let recorder;

element("record").onclick = async () => {
  if (recorder) {
    recorder.stop();
    return;
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    /** @type {Blob[]} */
    const parts = [];
    recorder = new MediaRecorder(stream);
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = async () => {
      stream.getTracks().forEach((track) => track.stop());
      recorder = undefined;
      element("record").textContent = "Record";
      element("record").setAttribute("aria-pressed", "false");
      try {
        await transcribe(await toWav(new Blob(parts)));
      } catch {
        report("hear-status", "The recording holds no sound; try again.", true);
      }
    };
    recorder.start();
    element("record").textContent = "Stop";
    element("record").setAttribute("aria-pressed", "true");
    report("hear-status", "Recording…");
  } catch {
    report("hear-status", "The microphone cannot be used; allow it in the browser.", true);
  }
};

element("file").onchange = () => element("file").files[0] && transcribe(element("file").files[0]);

element("say").onsubmit = (/** @type {Event} */ event) => {
  event.preventDefault();
  element("sentences").replaceChildren();
  element("speak").disabled = true;
  report("say-status", "Speaking…");
  const started = performance.now();
  let first = "";
  let ended = false;
  const end = (/** @type {string} */ text, failed = false) => {
    if (ended) return;
    ended = true;
    element("speak").disabled = false;
    report("say-status", text, failed);
    socket.close();
  };
  const url = address("/tts-ws");
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.onopen = () => socket.send(JSON.stringify({ text: element("text").value }));
  socket.onclose = () => end("The server cannot be reached; is it running?", true);
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.status === "partial") {
      first ||= `${Math.round(performance.now() - started)} ms`;
      addSentence(message);
    } else if (message.status === "complete") end(first ? `First sound after ${first}.` : "Nothing to say.");
    else end(message.message, true);
  };
};

/** Each is played when the one before it has ended. @param {{ audioPath: string, text: string }} one */
function addSentence({ audioPath, text }) {
  const item = document.createElement("li");
  const player = document.createElement("audio");
  player.controls = true;
  player.src = address(`/${audioPath}`).href;
  const before = element("sentences").lastElementChild?.querySelector("audio");
  const play = () => player.play().catch(() => {}); // the person can press play
  if (!before || before.ended) play();
  else before.addEventListener("ended", play);
  item.append(text, player);
  element("sentences").append(item);
}
