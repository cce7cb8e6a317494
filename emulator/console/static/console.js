// The console: shows what the PBX reports and sends what a person does. No state of its own but
// which phone and which call are looked at.

import { ask } from "/ask.js";
import { buildFaults } from "/faults.js";
import { drawLadder } from "/ladder.js";

const STATES = {
  idle: "Free",
  lifted: "Off the hook",
  calling: "Calling",
  ringing: "Ringing",
  connected: "In a call",
  holding: "Holding",
};
/** What another device of the same number does. */
const LINES = { ringing: "Line rings", busy: "Line in use" };
const FAILURES = {
  403: "Not allowed",
  404: "Nobody has this number",
  408: "No answer",
  480: "Nobody there",
  486: "Busy",
  487: "Cancelled",
  488: "No common audio format",
  503: "Not reachable",
};
const $ = (id) => document.getElementById(id);
const phones = new Map();
const calls = new Map();
let chosenPhone = null;
let chosenCall = null;
let listening = 0;

// ---- talking to the PBX ------------------------------------------------------------------

async function act(action, body = {}) {
  const phone = phones.get(chosenPhone);
  if (!phone) return;
  try {
    // The event stream tells what came of it: a reply may overtake, or be overtaken by, an event.
    await ask(`/api/phones/${encodeURIComponent(phone.number)}/${action}`, body);
    problem("");
  } catch (error) {
    problem(`${phone.name}: ${error.message}.`);
  }
}

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

// ---- phones --------------------------------------------------------------------------------

function words(phone) {
  if (!phone.virtual && phone.kind === "user") return "Real phone registered";
  const line = phone.state === "idle" ? LINES[phone.line] : undefined;
  const state = line ?? STATES[phone.state] ?? phone.state;
  return phone.lamp ? `${state}, message waiting` : state;
}

function sentence(phone) {
  const peer = phone.peer ? `${phone.peer.name || "Unknown"} ${phone.peer.number}`.trim() : "";
  switch (phone.state) {
    case "ringing": return `${peer} is calling.`;
    case "calling": return peer ? `Calling ${peer}…` : "Calling…";
    case "connected": return `Talking to ${peer}.`;
    case "holding": return `${peer} is on hold and hears music.`;
    case "lifted": return "Off the hook. Dial a number.";
    default: break;
  }
  const failed = phone.last_status ? `${FAILURES[phone.last_status] ?? "It failed"}. ` : "";
  return `${failed}${phone.lamp ? "A message is waiting: dial voicemail." : "Free."}`;
}

function notePhone(phone) {
  const before = phones.get(phone.number);
  phones.set(phone.number, phone);
  drawCard(phone);
  if (phone.number === chosenPhone) drawPhone(phone);
  if (before && before.state !== phone.state) {
    const text = `${phone.number} ${phone.name}: ${sentence(phone)}`;
    $(phone.state === "ringing" ? "rings" : "said").textContent = text;
  }
}

function drawCard(phone) {
  const id = `card-${phone.number}`;
  let card = document.getElementById(id);
  if (!card) {
    const item = document.createElement("li");
    card = document.createElement("button");
    card.type = "button";
    card.id = id;
    card.className = "card";
    card.innerHTML = '<span class="lamp"></span><span></span><span class="name"></span>' +
      '<span class="state"></span>';
    card.addEventListener("click", () => choosePhone(phone.number));
    item.append(card);
    $("phones").append(item);
  }
  const [lamp, number, name, state] = card.children;
  lamp.dataset.state = phone.state;
  number.textContent = phone.number;
  name.textContent = phone.name;
  state.textContent = words(phone);
  card.setAttribute("aria-pressed", String(phone.number === chosenPhone));
}

function choosePhone(number) {
  chosenPhone = number;
  for (const phone of phones.values()) drawCard(phone);
  drawPhone(phones.get(number));
  problem("");
}

function drawPhone(phone) {
  const inCall = phone.state === "connected" || phone.state === "holding";
  const usable = phone.virtual;
  $("phone-title").textContent = `${phone.number} ${phone.name}`;
  $("phone-display").textContent = usable ? sentence(phone)
    : "A real phone is registered in place of this one. Use that.";
  const rings = phone.state === "ringing" || Boolean(phone.waiting);
  const lift = document.querySelector('[data-action="lift"]');
  lift.textContent = rings ? "Answer" : "Lift";
  lift.disabled = !usable || (phone.state !== "idle" && !rings);
  key("reject").disabled = !usable || !rings;
  const two = usable && inCall && phone.held > 0;
  for (const name of ["swap", "transfer", "conference"]) key(name).disabled = !two;
  $("others").textContent = others(phone);
  drawSettings(phone, usable);
  const hold = document.querySelector('[data-action="hold"]');
  hold.disabled = !usable || !inCall;
  hold.setAttribute("aria-pressed", String(phone.state === "holding"));
  document.querySelector('[data-action="hangup"]').disabled = !usable || phone.state === "idle";
  for (const key of $("pad").children) key.disabled = !usable;
  const [call, transfer] = $("dial").querySelectorAll("button");
  call.textContent = inCall ? "Ask first" : "Call";
  call.disabled = !usable || !(inCall || ["idle", "lifted"].includes(phone.state));
  transfer.disabled = !usable || !inCall;
  if (phone.says && document.activeElement !== $("says")) $("says").value = phone.says;
  $("digits").textContent = phone.digits || "None";
  $("devices").textContent = phone.registered.join(", ") || "None";
  clearTimeout(listening);
  if (inCall) listen();
  else $("hears").textContent = "Nothing";
}

function key(action) {
  return document.querySelector(`[data-action="${action}"]`);
}

function others(phone) {
  const said = [];
  if (phone.waiting) said.push(`${phone.waiting.name} ${phone.waiting.number} knocks`);
  if (phone.held) said.push(`${phone.held} on hold`);
  return said.join(", ") || "None";
}

/** Services have no settings; those of a user hold for a real phone too. */
function drawSettings(phone, usable) {
  $("settings").hidden = !phone.settings;
  if (!phone.settings) return;
  const on = { dnd: phone.settings.do_not_disturb, call_waiting: phone.settings.call_waiting };
  for (const button of document.querySelectorAll("[data-setting]")) {
    button.disabled = !usable;
    button.setAttribute("aria-pressed", String(on[button.dataset.setting]));
  }
}

function change(setting) {
  const { settings } = phones.get(chosenPhone) ?? {};
  if (!settings) return;
  if (setting === "dnd") {
    act("dnd", { on: !settings.do_not_disturb });
  } else {
    const { target, ringing, alternative } = settings;
    act("ring", { target, ringing, alternative, call_waiting: !settings.call_waiting });
  }
}

async function listen() {
  const phone = phones.get(chosenPhone);
  if (!phone || !["connected", "holding"].includes(phone.state)) return;
  try {
    const heard = await ask(`/api/phones/${encodeURIComponent(phone.number)}/heard?seconds=0.5`);
    const level = heard.level_dbfs > -60 ? `${Math.round(heard.level_dbfs)} dB` : "silence";
    const pitch = heard.dominant_hz ? `, strongest at ${Math.round(heard.dominant_hz)} Hz` : "";
    $("hears").textContent = level + pitch;
  } catch {
    $("hears").textContent = "No data";
  }
  listening = setTimeout(listen, 1000);
}

// ---- calls and ladder ------------------------------------------------------------------------

function noteCall(call) {
  calls.set(call.id, call);
  if (calls.size > 50) calls.delete(calls.keys().next().value);
  drawCalls();
  if (call.id === chosenCall) loadLadder();
}

function drawCalls() {
  const items = [...calls.values()].reverse().map((call) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "card";
    button.innerHTML = '<span class="lamp"></span><span></span><span class="name"></span>' +
      '<span class="state"></span>';
    const [lamp, id, name, state] = button.children;
    lamp.dataset.state = call.state === "ended" ? "idle" : call.state;
    id.textContent = call.id;
    const held = call.held_by.length ? ", on hold" : "";
    name.textContent = `${call.caller.party.name} ${call.caller.party.number} to ${call.dialled}`;
    state.textContent = `${call.state}${held}`;
    button.setAttribute("aria-pressed", String(call.id === chosenCall));
    button.addEventListener("click", () => {
      chosenCall = call.id;
      drawCalls();
      loadLadder();
    });
    item.append(button);
    return item;
  });
  $("calls").replaceChildren(...items);
  $("no-calls").hidden = items.length > 0;
}

let ladderDue = 0;

function loadLadder() {
  clearTimeout(ladderDue);
  ladderDue = setTimeout(async () => {
    if (!chosenCall) return;
    try {
      const { messages } = await ask(`/api/calls/${encodeURIComponent(chosenCall)}/trace`);
      drawLadder($("ladder"), messages);
      $("ladder-hint").hidden = messages.length > 0;
    } catch {
      $("ladder-hint").hidden = false;
    }
  }, 150);
}

// ---- start -----------------------------------------------------------------------------------

function follow() {
  const events = new EventSource("/api/events");
  // The stream begins with everything that is known, so no older answer can arrive after an event.
  events.addEventListener("ready", () => {
    $("link").textContent = "Live";
    if (!chosenPhone && phones.size) choosePhone(phones.keys().next().value);
  });
  events.addEventListener("error", () => {
    $("link").textContent = "The PBX is not reachable. Trying again…";
  });
  events.addEventListener("phone", (event) => notePhone(JSON.parse(event.data)));
  events.addEventListener("call", (event) => noteCall(JSON.parse(event.data)));
  events.addEventListener("message", (event) => {
    if (event.data && chosenCall) loadLadder();
  });
}

function build() {
  for (const key of "123456789*0#") {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "key";
    button.textContent = key;
    button.setAttribute("aria-label", { "*": "star", "#": "hash" }[key] ?? key);
    button.addEventListener("click", () => press(key));
    $("pad").append(button);
  }
  for (const button of document.querySelectorAll("[data-action]")) {
    button.addEventListener("click", () => {
      let { action } = button.dataset;
      if (action === "lift" && phones.get(chosenPhone)?.waiting) action = "answer";
      act(action, action === "hold" ? { on: button.getAttribute("aria-pressed") !== "true" } : {});
    });
  }
  $("dial").addEventListener("submit", (event) => {
    event.preventDefault();
    const number = $("number").value.trim();
    const inCall = ["connected", "holding"].includes(phones.get(chosenPhone)?.state);
    if (number) act(inCall ? "consult" : "dial", { number });
    else $("number").focus();
  });
  document.querySelector('[data-number="transfer"]').addEventListener("click", () => {
    const number = $("number").value.trim();
    if (number) act("transfer", { number });
    else $("number").focus();
  });
  for (const button of document.querySelectorAll("[data-setting]")) {
    button.addEventListener("click", () => change(button.dataset.setting));
  }
  $("says").addEventListener("change", () => act("say", { what: $("says").value }));
}

/** A key is sent in a call, and written into the number field before one. */
function press(key) {
  const phone = phones.get(chosenPhone);
  if (!phone) return;
  if (["connected", "holding"].includes(phone.state)) act("digits", { digits: key });
  else $("number").value += key;
}

build();
buildFaults();
follow();
