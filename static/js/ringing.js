// The desk's bell. Browsers let a page sound only after a click or a key, so it is switched on once
// by its button and wakes with the first click of each page. The title tells without any sound.
"use strict";

(() => {
  const KEY = "hubin-ring";
  const EVERY = 4000;
  const box = document.getElementById("ringing");
  const button = document.querySelector("[data-ring-sound]");
  const title = document.title;
  let audio = null;

  const isOn = () => {
    try { return localStorage.getItem(KEY) === "on"; } catch { return false; }
  };

  const keep = (on) => {
    try { localStorage.setItem(KEY, on ? "on" : "off"); } catch { /* private window: this page only */ }
  };

  const count = () => Number(box.querySelector("[data-rings]")?.dataset.rings || 0);

  const wake = () => {
    if (!isOn()) return;
    audio ||= new AudioContext();
    if (audio.state === "suspended") audio.resume();
  };

  const tone = (from, pitch) => {
    const voice = audio.createOscillator();
    const loudness = audio.createGain();
    voice.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.0001, from);
    loudness.gain.exponentialRampToValueAtTime(0.3, from + 0.03);
    loudness.gain.exponentialRampToValueAtTime(0.0001, from + 0.35);
    voice.connect(loudness).connect(audio.destination);
    voice.start(from);
    voice.stop(from + 0.4);
  };

  const ring = () => {
    if (!count() || !isOn() || audio?.state !== "running") return;
    tone(audio.currentTime, 880);
    tone(audio.currentTime + 0.4, 660);
  };

  const tell = () => {
    const rings = count();
    document.title = rings ? `(${rings}) ${title}` : title;
  };

  const show = () => {
    button.setAttribute("aria-pressed", String(isOn()));
    button.title = isOn() ? button.dataset.on : button.dataset.off;
  };

  button.addEventListener("click", () => {
    keep(!isOn());
    show();
    wake();
    ring();
  });
  document.addEventListener("pointerdown", wake);
  document.addEventListener("keydown", wake);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!box.contains(event.target)) return;
    tell();
    ring();
  });
  setInterval(ring, EVERY);
  show();
  tell();
})();
