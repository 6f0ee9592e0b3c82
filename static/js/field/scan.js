// The code on the wall, by camera or from a photo: the browser's own eye, or the vendored one.
"use strict";

(() => {
  const dialog = document.getElementById("scan");
  const opener = document.getElementById("scan-open");
  if (!opener) return;
  const video = dialog.querySelector("video");
  const said = dialog.querySelector("[data-scan-said]");
  const words = dialog.dataset;
  const EVERY = 200;
  const WIDEST = 1000;
  let stream = null;
  let timer = 0;

  const load = () =>
    new Promise((done, failed) => {
      if (self.QR) { done(self.QR); return; }
      const script = document.createElement("script");
      script.src = words.decoder;
      script.onload = () => done(self.QR);
      script.onerror = () => { script.remove(); failed(new Error("no decoder")); };
      document.head.append(script);
    });

  const pixels = (source, width, height) => {
    const scale = Math.min(1, WIDEST / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  };

  const seen = async (source, width, height) => {
    const image = pixels(source, width, height);
    if ("BarcodeDetector" in self && (await self.BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const [found] = await new self.BarcodeDetector({ formats: ["qr_code"] }).detect(image);
      return found?.rawValue || "";
    }
    try { return (await load()).decodeQR(image); } catch { return ""; }
  };

  const stop = () => {
    clearTimeout(timer);
    for (const track of stream?.getTracks() || []) track.stop();
    stream = video.srcObject = null;
  };

  // Gives whether it was a code of ours.
  const take = (text) => {
    const wrong = self.Field.scanned(text);
    said.textContent = wrong;
    if (!wrong) dialog.close();
    return !wrong;
  };

  const look = async () => {
    if (!dialog.open) return;
    const text = video.videoWidth ? await seen(video, video.videoWidth, video.videoHeight).catch(() => "") : "";
    if (!text || !take(text)) timer = setTimeout(look, EVERY);
  };

  const open = async () => {
    said.textContent = "";
    dialog.showModal();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!dialog.open) { stop(); return; }
      video.srcObject = stream;
      await video.play();
      look();
    } catch {
      said.textContent = words.denied;
    }
  };

  const read = async (file) => {
    try {
      const image = await createImageBitmap(file);
      const text = await seen(image, image.width, image.height);
      if (text) take(text);
      else said.textContent = words.nothing;
    } catch {
      said.textContent = words.nothing;
    }
  };

  opener.addEventListener("click", open);
  dialog.addEventListener("close", stop);
  dialog.querySelector("[data-scan-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("input[type=file]").addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (file) read(file);
    event.target.value = "";
  });
})();
