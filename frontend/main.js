// @ts-check
/** The page: ties the connection, the conversation, the voice and the microphone together. */

import { Connection } from "./connection.js";
import { Conversation, Notices } from "./conversation.js";
import { Microphone } from "./microphone.js";
import { Player } from "./player.js";

/** @import { Message } from "./connection.js" */

/** @template {HTMLElement} T @param {string} id @param {new () => T} kind @returns {T} */
function find(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} called ${id}.`);
  return found;
}

const page = document.body;
const name = find("name", HTMLElement);
const status = find("status", HTMLElement);
const text = find("text", HTMLTextAreaElement);
const sendButton = find("send", HTMLButtonElement);
const stopButton = find("stop", HTMLButtonElement);
const microphoneButton = find("microphone", HTMLButtonElement);
const orb = find("orb", HTMLElement);
const meter = find("meter", HTMLElement);

const conversation = new Conversation(find("log", HTMLElement));
const notices = new Notices(find("notices", HTMLElement));
const player = new Player((level) => orb.style.setProperty("--level", String(level)));
const microphone = new Microphone(
  (frame, level) => {
    connection.sendSound(frame);
    meter.style.setProperty("--level", String(level));
  },
  () => stopMicrophone("The microphone was disconnected."),
);
const connection = new Connection({
  connecting: () => setLink("connecting", "Connecting…"),
  open: greet,
  lost: (reason, retryInS) => {
    endTurn();
    const again = `trying again in ${Math.ceil(retryInS)} s`;
    setLink("lost", `${reason || "No connection to the server"}; ${again}`);
  },
  message: receive,
});

// State: the link to the server, and the turn. An answer is taken in from the start of its turn
// until its end or until it is interrupted; what comes late of an interrupted one is dropped.

/** @type {"idle" | "thinking" | "speaking"} */
let turn = "idle";
let heard = "";
let linkText = "";

/** @param {"connecting" | "open" | "lost"} state @param {string} description "" when all is well */
function setLink(state, description) {
  page.dataset.link = state;
  linkText = description;
  render();
}

/** @param {typeof turn} state */
function setTurn(state) {
  turn = page.dataset.turn = state;
  render();
}

function render() {
  const states = {
    idle: microphone.isOn ? "Listening" : "Connected",
    thinking: "Thinking…",
    speaking: "Speaking",
  };
  const now = linkText || states[turn];
  if (status.textContent !== now) status.textContent = now;
  stopButton.hidden = turn === "idle";
  sendButton.disabled = !connection.isOpen || !text.value.trim();
  microphoneButton.ariaPressed = String(microphone.isOn);
}

// What the server says

function greet() {
  setLink("open", "");
  conversation.divide();
  for (const type of ["fetch-backgrounds", "fetch-configs", "fetch-history-list"]) {
    connection.send({ type });
  }
  connection.send({ type: "create-new-history" });
}

/** @param {Message} message */
function receive(message) {
  switch (message.type) {
    case "set-model-and-conf":
      name.textContent = document.title = message.conf_name;
      break;
    case "full-text":
      // Of these lines only the progress of loading says what the page does not know itself.
      setLink("open", message.text.startsWith("Getting ready") ? message.text : "");
      break;
    case "user-input-transcription":
      conversation.human(message.text);
      break;
    case "error":
      notices.add(message.message);
      break;
    case "control":
      control(message.text);
      break;
    default:
      if (turn !== "idle") answer(message);
  }
}

/** @param {string} what */
function control(what) {
  if (what === "conversation-chain-start") {
    endTurn();
    heard = "";
    setTurn("thinking");
  } else if (what === "conversation-chain-end") {
    player.then(endTurn);
  } else if (what === "interrupt") {
    interrupt();
  } else if (what === "stop-mic" && microphone.isOn) {
    stopMicrophone();
  }
}

/** @param {Message} message a part of the answer; its order is that of the sound */
function answer(message) {
  if (message.type === "audio") {
    const { text: piece, name: speaker } = message.display_text;
    name.textContent = document.title = speaker;
    player.say(message, () => {
      heard += piece;
      conversation.ai(piece, speaker);
      if (message.audio) setTurn("speaking");
    });
  } else if (message.type === "backend-synth-complete") {
    player.then(() => connection.send({ type: "frontend-playback-complete" }));
  } else if (message.type === "force-new-message") {
    player.then(() => conversation.endBubble());
  }
}

function endTurn() {
  player.clear();
  conversation.endBubble();
  setTurn("idle");
}

// What the person does

function interrupt() {
  if (turn === "idle") return;
  endTurn();
  connection.send({ type: "interrupt-signal", text: heard });
}

function sendText() {
  const said = text.value.trim();
  if (!said || !connection.isOpen) return;
  interrupt();
  connection.send({ type: "text-input", text: said, images: [] });
  conversation.human(said);
  text.value = "";
  render();
}

async function startMicrophone() {
  microphoneButton.disabled = true;
  try {
    await microphone.start();
  } catch (error) {
    stopMicrophone(/** @type {Error} */ (error).message);
  }
  microphoneButton.disabled = false;
  render();
}

/** @param {string} [why] */
function stopMicrophone(why) {
  microphone.stop();
  connection.endSound();
  if (why) notices.add(why);
  render();
}

find("composer", HTMLFormElement).onsubmit = (event) => {
  event.preventDefault();
  sendText();
};
text.oninput = render;
text.onkeydown = (event) => {
  // While an input method composes, Enter chooses a word.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendText();
};
stopButton.onclick = interrupt;
microphoneButton.onclick = () => (microphone.isOn ? stopMicrophone() : startMicrophone());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) interrupt();
});
for (const gesture of ["click", "keydown"])
  document.addEventListener(gesture, () => player.unlock());

connection.connect();
