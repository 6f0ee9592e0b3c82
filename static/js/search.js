// Results while one types: what is typed is posted, so that it stands in no address and no log.
// Arrows go through the results, Escape back to the box. Without script the form asks as ever.
"use strict";

(() => {
  const WAIT_MS = 250;
  const LEAST = 2;
  const form = document.querySelector("[data-search]");
  const box = form.querySelector("[name=q]");
  const found = document.getElementById("found");
  const MOBILE = /^(\+?86)?1[3-9]\d{9}$/;
  let waits = 0;
  let asked = box.value.trim();

  const isPhone = () => MOBILE.test(box.value.replace(/[\s-]/g, ""));
  const ask = () => {
    const text = box.value.trim();
    if (text === asked || (text && [...text].length < LEAST)) return;
    asked = text;
    found.dispatchEvent(new CustomEvent("typed"));
  };
  const links = () => [...found.querySelectorAll("a.board-link")];

  box.addEventListener("input", (event) => {
    clearTimeout(waits);
    if (!event.isComposing) waits = setTimeout(ask, WAIT_MS);
  });
  box.addEventListener("compositionend", () => {
    clearTimeout(waits);
    waits = setTimeout(ask, WAIT_MS);
  });

  // A telephone number never goes into an address: to the form that asks for the reason.
  form.addEventListener("submit", (event) => {
    if (!isPhone()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const by = document.querySelector(".phone-search");
    if (!by) return ask();
    by.querySelector("details").open = true;
    by.querySelector("[name=phone]").value = box.value.trim();
    by.querySelector("[name=reason]").focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (event.target !== box && at < 0) return;
    if (event.key === "Escape") {
      if (at < 0) return;
      box.focus();
    } else {
      const to = at + (event.key === "ArrowDown" ? 1 : -1);
      if (to >= all.length) return;
      (to < 0 ? box : all[to]).focus();
    }
    event.preventDefault();
  });

  // Coming back, a browser fills the box in again, but not what was found.
  window.addEventListener("pageshow", () => setTimeout(ask, 0));
})();
