// A voice memo: what takes too long to write, in a minute at most.
"use strict";

(() => {
  const form = document.getElementById("report");
  const step = document.getElementById("memo");
  const button = document.getElementById("record");
  const said = document.getElementById("memo-said");
  const words = step.dataset;
  const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  const NAMES = { "audio/webm": "weba", "audio/mp4": "m4a", "audio/ogg": "ogg" };
  const EARLY = 500; // timers are late, and the server counts
  let recorder = null;

  const can = () => "MediaRecorder" in self && navigator.mediaDevices?.getUserMedia;

  const show = (seconds) => {
    const left = Math.max(0, Number(words.seconds) - seconds);
    said.textContent = words.running.replace("{s}", seconds).replace("{left}", left);
  };

  const take = (pieces, kind, seconds) => {
    const [type] = kind.split(";");
    const file = new File(pieces, `memo.${NAMES[type] || "weba"}`, { type });
    if (file.size) self.Field.shots.add(form, "memo", file);
    said.textContent = file.size ? words.done.replace("{s}", seconds) : words.denied;
  };

  const record = (stream) => {
    const pieces = [];
    const began = Date.now();
    recorder = new MediaRecorder(stream, { mimeType: KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) });
    const clock = setInterval(() => show(Math.round((Date.now() - began) / 1000)), 500);
    const end = setTimeout(() => recorder.stop(), Number(words.seconds) * 1000 - EARLY);
    recorder.ondataavailable = ({ data }) => { if (data.size) pieces.push(data); };
    recorder.onstop = () => {
      clearInterval(clock);
      clearTimeout(end);
      for (const track of stream.getTracks()) track.stop();
      take(pieces, recorder.mimeType, Math.max(1, Math.round((Date.now() - began) / 1000)));
      recorder = null;
      button.setAttribute("aria-pressed", "false");
    };
    recorder.start();
    button.setAttribute("aria-pressed", "true");
    show(0);
  };

  const press = async () => {
    if (recorder) { recorder.stop(); return; }
    try {
      record(await navigator.mediaDevices.getUserMedia({ audio: true }));
    } catch {
      said.textContent = words.denied;
    }
  };

  step.hidden = !can();
  button.addEventListener("click", press);
  form.addEventListener("field:emptied", () => { said.textContent = ""; });
})();
