"use strict";

// The phone's window. One window of a browser takes the calls: the one that holds the lock. It says every half minute
// that it is awake, for which it gets a new token; without that word the server does not ring it. What it shows are the
// parts whose data-shown names its state: off, elsewhere, ready, ringing or talking.
const phone = document.getElementById("phone");
const words = JSON.parse(phone.dataset.words);
const at = (name) => document.getElementById(`phone-${name}`);
const BEAT = 30_000; // milliseconds
const HELP_COMES = 10_000; // milliseconds after which an emergency call that has not begun is given up
const LOOKS = 4_000; // milliseconds between looks at what can be done with the caller
const KEPT_FOR = 240_000; // milliseconds after which a token is replaced
const TOKEN_REFUSED = [20101, 20104, 31204, 31205]; // the carrier's errors for a token that is not, or no more, valid

let device = null;
let call = null; // rings here, or goes on
let dialing = false; // a call out was asked for and comes in a moment
let lost = false; // the connection to the carrier
let said = ""; // the sentence that stood before it was lost
let stop = () => {}; // gives the lock back
let beat, clock, looks, title;

function show(state, sentence = "") {
  document.querySelectorAll("[data-shown]").forEach((part) => {
    part.hidden = !part.dataset.shown.split(" ").includes(state);
  });
  phone.dataset.state = state;
  if (sentence) at("status").textContent = sentence;
}

function fill(sentence, who) {
  return sentence.replace("{who}", who);
}

// Ask the server; null where nobody is signed in any more, or the person is no longer in the team.
async function ask(address, fields = {}) {
  const body = new FormData();
  body.set("csrf_token", phone.querySelector("[name=csrf_token]").value);
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  const answer = await fetch(address, { method: "POST", body, keepalive: true });
  const isOurs = !answer.redirected && (answer.headers.get("Content-Type") || "").includes("json");
  if (!isOurs && answer.status < 500) return null;
  if (!isOurs) throw new Error("the server is away");
  return answer.json();
}

// Opening: the lock, the microphone, the token, the device.

function open(more = { ifAvailable: true }) {
  navigator.locks
    .request("portline-phone", more, async (lock) => {
      if (!lock) return show("elsewhere", words.elsewhere);
      const stopped = new Promise((done) => (stop = done));
      await begin();
      return stopped;
    })
    .catch(() => close("elsewhere", words.elsewhere)); // another window took it over
}

async function begin() {
  show("connecting", words.connecting);
  try {
    (await navigator.mediaDevices.getUserMedia({ audio: true })).getTracks().forEach((track) => track.stop());
  } catch {
    return close("off", words.microphone);
  }
  const answer = await ask(phone.dataset.awake).catch(() => ({}));
  if (!answer) return close("off", words.ended);
  if (!answer.token) return close("off", words.failed);
  make(answer.token);
  return device.register().catch(() => {});
}

function make(token) {
  const gateway = phone.dataset.gateway ? { chunderw: phone.dataset.gateway, eventgw: phone.dataset.gateway } : {};
  const sounds = JSON.parse(phone.dataset.sounds);
  device = new CarrierPhone(token, { ...gateway, sounds, closeProtection: words.leave, logLevel: "silent", codecPreferences: ["opus", "pcmu"] });
  device.madeAt = Date.now(); // performance.now() stands while the computer sleeps
  device.on("registered", connected);
  device.on("unregistered", disconnected);
  device.on("error", ({ code }) => {
    disconnected();
    if (TOKEN_REFUSED.includes(code)) renew();
  });
  device.on("incoming", arrives);
  device.on("tokenWillExpire", sayAwake);
  device.audio.on("deviceChange", listDevices);
  beat = setInterval(sayAwake, BEAT);
}

// A page whose connection is lost is not awake: calls would ring here in vain.
async function sayAwake() {
  if (device?.state === "registered") await renew();
}

// A token that is younger stays, also where the carrier refuses it: the next one would be refused as well.
async function renew() {
  const answer = await ask(phone.dataset.awake).catch(() => ({}));
  if (!answer) close("off", words.ended);
  if (!device || !answer?.token || Date.now() - device.madeAt < KEPT_FOR) return;
  device.updateToken(answer.token);
  device.madeAt = Date.now();
}

// A call goes on without the carrier's connection, for as long as its sound does.
function disconnected() {
  if (!device || lost || device.state === "registered") return;
  lost = true;
  said = at("status").textContent;
  show(call ? phone.dataset.state : "connecting", words.reconnecting);
}

function connected() {
  if (lost) sayAwake();
  else ask(phone.dataset.ring).catch(() => {}); // other phones may ring already
  lost = false;
  if (call) at("status").replaceChildren(said);
  else show("ready", words.ready);
  listDevices();
}

function close(state = "off", sentence = "") {
  clearInterval(beat);
  over();
  device?.destroy();
  device = null;
  lost = false;
  stop();
  show(state, sentence);
}

// Calls.

function arrives(incoming) {
  if (incoming.customParameters.has("call")) {
    if (!dialing) return incoming.reject();
    begun(incoming, call);
    return incoming.accept();
  }
  if (call) return incoming.reject();
  const told = incoming.customParameters;
  call = incoming;
  call.who = told.get("caller") || words.hidden;
  at("who").textContent = fill(words.incoming, call.who);
  at("line").textContent = told.get("line") || "";
  at("recorded").hidden = !told.has("recorded");
  show("ringing");
  announce(at("who").textContent);
  watch(call);
  at("answer").focus();
  return undefined;
}

function watch(one) {
  one.on("accept", () => talking(one));
  one.on("cancel", () => endedElsewhere(one));
  one.on("disconnect", () => over(one.farewell || words.over));
  one.on("reject", () => over(words.over));
  one.on("warning", (name) => at("quality").replaceChildren(name.includes("audio") ? words.silent : words.weak));
  one.on("warning-cleared", () => at("quality").replaceChildren(words.good));
  one.on("reconnecting", () => at("quality").replaceChildren(words.lost));
  one.on("reconnected", () => at("quality").replaceChildren(words.good));
  one.on("volume", (input, output) => (at("level").value = output));
}

function begun(one, asked) {
  dialing = false;
  call = Object.assign(one, asked);
  watch(one);
}

function talking(one) {
  const since = performance.now();
  silence();
  at("with").textContent = fill(words.talking, one.who);
  at("quality").replaceChildren(words.good);
  mute(false);
  show("talking", one.notice || at("with").textContent);
  clock = setInterval(() => {
    const seconds = Math.floor((performance.now() - since) / 1000);
    at("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }, 1000);
  at("hang-up").focus();
  lookAt(one);
}

// What can be done with the other person: forms of the server's, sent without leaving the window. For a call out there
// are none until it is answered.
function lookAt(one) {
  const leg = one.customParameters.get("leg");
  const address = leg
    ? phone.dataset.acts.replace("0", leg)
    : phone.dataset.actsOfCall.replace("0", one.customParameters.get("call"));
  at("out").hidden = Boolean(leg || one.notice);
  const look = () => at("acts").querySelector("details[open]") || showActs(one, fetch(address));
  looks = setInterval(look, LOOKS);
  look();
}

async function showActs(one, asked) {
  const answer = await asked.catch(() => null);
  const holder = document.createElement("template");
  if (answer?.ok) holder.innerHTML = await answer.text();
  const fresh = holder.content.querySelector("#phone-acts");
  if (call !== one || !fresh) return Boolean(fresh);
  if (fresh.querySelector("form")) at("out").hidden = true;
  else one.farewell ||= fresh.textContent.trim();
  if (fresh.outerHTML !== at("acts").outerHTML) at("acts").replaceWith(fresh);
  return true;
}

phone.addEventListener("submit", async (event) => {
  if (!event.target.closest("#phone-acts")) return;
  event.preventDefault();
  const body = new FormData(event.target, event.submitter);
  body.set("csrf_token", phone.querySelector("[name=csrf_token]").value);
  const shown = await showActs(call, fetch(event.target.action, { method: "POST", body }));
  if (!shown) at("quality").textContent = words.undone;
  at("acts").querySelector("button")?.focus();
});

async function endedElsewhere(one) {
  const address = phone.dataset.leg.replace("0", one.customParameters.get("leg") || "0");
  over();
  const answer = await fetch(address).catch(() => null);
  const told = answer?.ok && !answer.redirected ? await answer.json() : {};
  at("status").replaceChildren(told.words || words.over);
}

function over(sentence = "") {
  clearInterval(clock);
  clearInterval(looks);
  at("acts").replaceChildren();
  silence();
  call = null;
  dialing = false;
  at("clock").textContent = "0:00";
  if (lost) show("connecting", words.reconnecting);
  else if (device) show("ready", sentence || words.ready);
}

function mute(on) {
  call?.mute(on);
  at("mute").setAttribute("aria-pressed", String(on));
  at("mute").textContent = on ? words.unmute : words.mute;
}

// While the window is hidden, the title and a notice of the browser say who calls.
function announce(sentence) {
  title = title || document.title;
  document.title = sentence;
  if (document.hidden && window.Notification?.permission === "granted") {
    const notice = new Notification(sentence, { tag: "call" });
    notice.onclick = () => window.focus();
  }
}

function silence() {
  if (title) document.title = title;
}

at("dial").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (dialing || call) return;
  const form = event.target.elements;
  const who = form.number.value;
  dialing = true;
  call = { who };
  refuse("");
  const answer = await ask(phone.dataset.call, { number: who, line: form.line.value }).catch(() => ({}));
  if (!answer) return close("off", words.ended);
  if (!answer.call) {
    over();
    return refuse(answer.refusal || words.failed);
  }
  Object.assign(call, { notice: answer.notice, farewell: answer.farewell }); // told of emergency calls alone
  at("status").textContent = answer.notice || fill(words.calling, who);
  setTimeout(() => dialing && over(answer.farewell || words.failed), answer.farewell ? HELP_COMES : 30_000);
  return undefined;
});

function refuse(sentence) {
  at("refusal").hidden = !sentence;
  at("refusal").textContent = sentence;
  document.getElementById("number").toggleAttribute("aria-invalid", Boolean(sentence));
  if (sentence) document.getElementById("number").focus();
}

at("ready").addEventListener("click", () => open());
at("here").addEventListener("click", () => open({ steal: true }));
at("answer").addEventListener("click", () => call?.accept());
at("decline").addEventListener("click", () => call?.reject());
at("hang-up").addEventListener("click", () => call?.disconnect());
at("mute").addEventListener("click", () => mute(at("mute").getAttribute("aria-pressed") === "false"));
phone.querySelectorAll("[data-digit]").forEach((key) => {
  key.addEventListener("click", () => call?.sendDigits(key.dataset.digit));
});

// Devices.

function listDevices() {
  if (!device) return;
  choices(at("microphone"), device.audio.availableInputDevices, device.audio.inputDevice?.deviceId);
  choices(at("speaker"), device.audio.availableOutputDevices, [...device.audio.speakerDevices.get()][0]?.deviceId);
}

function choices(select, devices, chosen = "default") {
  const options = [...devices.values()].map((one) => new Option(one.label, one.deviceId, false, one.deviceId === chosen));
  select.replaceChildren(...options);
}

at("microphone").addEventListener("change", ({ target }) => device?.audio.setInputDevice(target.value));
at("speaker").addEventListener("change", ({ target }) => {
  device?.audio.speakerDevices.set(target.value);
  device?.audio.ringtoneDevices.set(target.value);
});

// The microphone, a second later in the speaker.
at("test").addEventListener("click", async () => {
  const microphone = { deviceId: at("microphone").value || undefined };
  const heard = await navigator.mediaDevices.getUserMedia({ audio: microphone }).catch(() => null);
  if (!heard) return at("heard").replaceChildren(words.microphone);
  const audio = new AudioContext();
  const later = audio.createDelay(2);
  later.delayTime.value = 1;
  audio.createMediaStreamSource(heard).connect(later).connect(audio.destination);
  audio.setSinkId?.(at("speaker").value === "default" ? "" : at("speaker").value).catch(() => {});
  at("heard").replaceChildren(words.speak);
  setTimeout(() => {
    heard.getTracks().forEach((track) => track.stop());
    audio.close();
    at("heard").replaceChildren();
  }, 6000);
  return undefined;
});

// Other pages of this browser ask for a number to be called.
new BroadcastChannel("portline-phone").addEventListener("message", ({ data }) => {
  if (call || dialing) return;
  document.getElementById("number").value = data.number;
  if (data.line) document.getElementById("line").value = data.line;
  document.getElementById("number").focus();
});

// A page in the back/forward cache would hold the lock and a dead connection.
window.addEventListener("pagehide", () => {
  if (!device) return;
  ask(phone.dataset.away).catch(() => {});
  close();
});
window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

if (phone.dataset.woken) open(); // by the notice of a call
