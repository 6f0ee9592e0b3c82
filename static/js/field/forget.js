// Copies of pages are one person's: they go when somebody leaves, and when somebody logs in.
"use strict";

(() => {
  const PATIENCE = 2000;
  const DOORS = "form[data-enter], #logout-form"; // the latter is the administration's

  // The worker keeps nothing any more of what is still under way.
  const tell = async () => {
    const all = (await navigator.serviceWorker?.getRegistrations()) || [];
    await Promise.all(all.map((one) => one.active).filter(Boolean).map((worker) => {
      const { port1, port2 } = new MessageChannel();
      const heard = new Promise((done) => { port1.onmessage = done; setTimeout(done, PATIENCE); });
      worker.postMessage("leave", [port2]);
      return heard;
    }));
  };

  const forget = async () => {
    if (!("caches" in self)) return;
    await tell();
    for (const name of await caches.keys()) {
      if (name.startsWith("hubin-") && !name.startsWith("hubin-shell")) await caches.delete(name);
    }
  };

  const first = (go) => forget().then(go, go);

  // Not before: whose login is over still opens what was kept. A second press is hubin.js's affair.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(DOORS) || form.hasAttribute("aria-busy")) return;
    event.preventDefault();
    first(() => form.submit());
  }, true);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-enter]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    first(() => location.assign(link.href));
  });

  self.Field = { ...self.Field, forget };
})();
