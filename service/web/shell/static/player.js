"use strict";

// Players of voicemail: a button and a bar with the wave in place of the browser's own. Parts of the page are replaced,
// so the document listens; what sounds do does not bubble, but is seen on its way down.

const playerOf = (part) => part.closest(".player");
const spoken = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function show(audio) {
  const player = playerOf(audio);
  if (!player) return;
  const [button, bar, time] = ["button", "input", "time"].map((name) => player.querySelector(name));
  const words = audio.paused ? button.dataset.play : button.dataset.pause;
  button.setAttribute("aria-label", words);
  player.classList.toggle("player-playing", !audio.paused);
  if (Number.isFinite(audio.duration)) bar.max = audio.duration;
  bar.value = audio.currentTime;
  bar.setAttribute("aria-valuetext", spoken(audio.currentTime));
  time.textContent = audio.currentTime ? spoken(audio.currentTime) : time.dataset.length;
  fill(player.querySelector(".wave"), bar.value / bar.max);
}

// The part of the wave that was played is a copy of it in another color, cut off at its right.
function fill(wave, share) {
  if (!wave) return;
  const played = wave.querySelector(".played") || wave.appendChild(wave.firstElementChild.cloneNode());
  played.classList.add("played");
  played.style.clipPath = `inset(-10px ${100 - 100 * share}% -10px -10px)`;
}

document.addEventListener("click", ({ target }) => {
  const audio = target.closest(".play") && playerOf(target).querySelector("audio");
  if (audio && audio.paused) audio.play().catch(() => show(audio));
  else if (audio) audio.pause();
});

document.addEventListener("input", ({ target }) => {
  if (!playerOf(target)) return;
  const audio = playerOf(target).querySelector("audio");
  audio.currentTime = Number(target.value);
  show(audio);
});

// One sound at a time.
document.addEventListener("play", ({ target }) => {
  document.querySelectorAll(".player audio").forEach((other) => other !== target && other.pause());
}, true);

for (const news of ["play", "pause", "ended", "timeupdate", "loadedmetadata"]) {
  document.addEventListener(news, ({ target }) => show(target), true);
}
