// Rounds of today: nearest first, a visit shown by code or position, or said by hand where neither works.
"use strict";

(() => {
  const { store } = self.Field;
  const list = document.getElementById("rounds");
  const words = document.getElementById("patrol-words").dataset;
  const ROUGH = 200; // metres
  const SOON = 4000;
  const TWICE = 3000; // milliseconds; so soon after a visit it is the same press once more
  const PROOF = ["way", "mark", "lat", "lng", "accuracy"];
  if (!list) return;

  const forms = () => [...list.querySelectorAll("form")];
  const rowOf = (form) => form.closest("li");
  const spotOf = (row) => ({ lat: Number(row.dataset.lat), lng: Number(row.dataset.lng) });
  const say = (form, text) => {
    const box = rowOf(form).querySelector("[data-said]");
    box.textContent = text;
    box.hidden = !text;
  };

  const sort = (here) => {
    const rows = [...list.children].map((row) => [self.Field.place.away(spotOf(row), here), row]);
    for (const [metres, row] of rows) {
      const box = row.querySelector("[data-away]");
      box.hidden = false;
      box.textContent = words.away.replace("{m}", Math.round(metres));
    }
    rows.sort(([one, a], [other, b]) => (a.dataset.stand === "DUE" ? 0 : 1) - (b.dataset.stand === "DUE" ? 0 : 1) || one - other);
    list.replaceChildren(...rows.map(([, row]) => row));
  };

  const told = (row, here) => {
    const metres = Math.round(self.Field.place.away(spotOf(row), here));
    const kind = here.metres > ROUGH ? words.rough : metres > Number(row.dataset.radius) + here.metres ? words.far : words.near;
    return kind.replace("{m}", metres).replace("{e}", here.metres);
  };

  const put = (form, here) => {
    form.elements.lat.value = here.lat.toFixed(6);
    form.elements.lng.value = here.lng.toFixed(6);
    form.elements.accuracy.value = here.metres;
    say(form, told(rowOf(form), here));
  };

  // A code can be photographed: where the position is to be had soon, it goes along.
  const beside = async (form) => {
    if (form.elements.way.value !== "QR" || form.elements.lat.value) return;
    const allowed = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
    if (allowed?.state !== "granted") return;
    const late = new Promise((done) => { setTimeout(done, SOON); });
    const here = await Promise.race([self.Field.place.find(), late]).catch(() => null);
    if (here) put(form, here);
  };

  // By position, or asks whether it shall be by hand; gives whether it is to be sent now.
  const prove = async (form) => {
    await beside(form);
    if (form.elements.way.value !== "HAND" || form.dataset.byHand) return true;
    say(form, words.looking);
    try {
      put(form, await self.Field.place.find());
      form.elements.way.value = "SPOT";
      return true;
    } catch {
      form.dataset.byHand = "true";
      say(form, words.denied);
      return false;
    }
  };

  // What was found is reported on the page for that, which brings the visit along.
  const report = (form) => {
    const { lat, lng, building, name } = rowOf(form).dataset;
    const visit = new URLSearchParams({ code: form.elements.code.value, name, at_lat: lat, at_lng: lng, building });
    for (const field of PROOF) if (form.elements[field].value) visit.set(field, form.elements[field].value);
    location.assign(`${list.dataset.report}#${visit}`);
  };

  const clear = (form) => {
    for (const field of PROOF) form.elements[field].value = field === "way" ? "HAND" : "";
    delete form.dataset.byHand;
    delete form.dataset.proven;
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (rowOf(form)?.parentElement !== list) return;
    const isReport = event.submitter?.hasAttribute("data-finding");
    if (form.dataset.proven && !isReport) { delete form.dataset.proven; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.proving || form.hasAttribute("aria-busy") || Date.now() - Number(form.dataset.keptAt || 0) < TWICE) return;
    form.dataset.proving = "true";
    const isProven = await prove(form).finally(() => { delete form.dataset.proving; });
    if (!isProven) return;
    // where nothing can be kept the visit is sent first, and the server leads on to the report
    if (isReport && document.body.dataset.ready === "able") { report(form); return; }
    if (isReport) form.elements.finding.value = "true";
    form.dataset.proven = "true";
    setTimeout(() => form.requestSubmit()); // not while this very event is still on its way
  }, true);

  // What lies on the telephone is known here before the server knows it.
  const mark = (kept) => {
    const today = new Date().toDateString();
    for (const item of kept) {
      const isVisit = item.kind === "check_in" && item.person === document.body.dataset.person;
      if (!isVisit || new Date(item.made).toDateString() !== today) continue;
      const form = forms().find((one) => one.elements.code.value === item.fields.code);
      if (!form) continue;
      const row = rowOf(form);
      const time = new Date(item.made).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
      row.dataset.stand = "DONE";
      row.querySelector("[data-stand-text]").textContent = (item.state === "DONE" ? words.done : words.kept).replace("{time}", time);
    }
  };

  // A code from the camera: the row it belongs to, with the mark that only the wall knows.
  const scanned = (text) => {
    const [, code, secret] = text.match(/\/field\/at\/([\w-]+)-([0-9a-f]{32})\/?$/) || [];
    const form = code && forms().find((one) => one.elements.code.value === code);
    if (!form) return words.unknown;
    form.elements.way.value = "QR";
    form.elements.mark.value = secret;
    say(form, words.scanned);
    rowOf(form).scrollIntoView({ block: "center" });
    form.querySelector("button").focus();
    return "";
  };

  for (const form of forms()) form.addEventListener("field:emptied", () => { clear(form); say(form, ""); });
  document.addEventListener("field:changed", (event) => mark(event.detail));
  self.Field.begun.then(async () => { if (document.body.dataset.ready === "able") mark(await store.all()); });
  navigator.permissions?.query({ name: "geolocation" })
    .then((one) => (one.state === "granted" ? self.Field.place.find(sort) : null)).catch(() => {});
  self.Field = { ...self.Field, scanned };
})();
