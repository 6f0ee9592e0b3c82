// The worker that opens pages without a signal; a new version waits until it is asked for.
"use strict";

(() => {
  const { worker, scope } = document.body.dataset;
  const newer = document.getElementById("newer");
  const copy = document.getElementById("copy");
  const isWriting = () => document.querySelector("form[data-compose]");

  // Only whoever says so begins anew, and only the page that was asked: another may be half filled in.
  const offer = (waiting) => {
    if (!waiting || isWriting()) return;
    newer.hidden = false;
    newer.querySelector("button").onclick = () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage("go");
    };
  };

  const watch = (fresh) => fresh.addEventListener("statechange", () => {
    if (fresh.state === "installed" && navigator.serviceWorker.controller) offer(fresh);
  });

  // The worker tells when what is shown is a copy, and of when.
  const told = ({ data }) => {
    if (!data.keptAt) return;
    const when = new Date(data.keptAt).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
    copy.textContent = (data.isSlow ? copy.dataset.slow : copy.dataset.words).replace("{when}", when);
    copy.hidden = false;
  };

  const begin = async () => {
    const kept = await navigator.serviceWorker.register(worker, { scope });
    if (navigator.serviceWorker.controller) offer(kept.waiting);
    kept.addEventListener("updatefound", () => watch(kept.installing));
    const ready = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { document.body.dataset.carried = "true"; };
    ready.active.postMessage("open", [port2]);
  };

  const unable = () => {
    document.getElementById("no-worker").hidden = false;
    document.body.dataset.carried = "unable";
  };

  const installing = (event) => {
    const button = document.getElementById("install");
    if (!button) return;
    event.preventDefault();
    button.hidden = false;
    button.onclick = () => event.prompt();
  };

  addEventListener("beforeinstallprompt", installing);
  // only where an app of the telephone's desktop is nothing of the browser's own
  const hint = document.getElementById("install-by-hand");
  if (hint) hint.hidden = navigator.standalone !== false;

  if (!("serviceWorker" in navigator)) { unable(); return; }
  navigator.serviceWorker.addEventListener("message", told);
  addEventListener("load", () => { begin().catch(unable); });
})();
