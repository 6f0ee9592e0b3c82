// Single keys: whatever bears data-key is pressed, opened or gone to by that key ("g q": one after
// the other), so that the sheet of keys tells what is on the page and cannot drift from it.
// Not while somebody writes, not with Ctrl and the like, not while an input method composes.
"use strict";

(() => {
  const WRITES = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
  const sheet = document.getElementById("key-sheet");
  const isOff = () => document.body.dataset.singleKeys === "off";
  const rows = () => [...document.querySelectorAll("#desk-list [data-row]")];
  let first = "";

  const named = (key) => [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);

  // Where one goes on inside a form: the first thing that is missing, what has to be written
  // though something is proposed, else the button that sends.
  const enter = (form) => {
    const fields = [...form.querySelectorAll("input, select, textarea")].filter((one) => one.offsetParent && one.type !== "hidden");
    const missing = fields.find((one) => one.required && (!one.value || one.matches("textarea")));
    const target = missing || form.querySelector("button[type=submit]");
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  };

  const use = (one) => {
    if (one.matches("form")) {
      enter(one);
    } else if (one.matches("summary")) {
      const box = one.parentElement;
      box.open = true;
      const form = box.querySelector("form");
      if (form) enter(form);
    } else {
      one.click();
    }
  };

  const current = () => rows().findIndex((row) => row === document.activeElement);
  const shown = () => rows().findIndex((row) => row.getAttribute("aria-current") === "true");

  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const from = current() >= 0 ? current() : shown();
    const to = Math.min(Math.max(from + by, 0), all.length - 1);
    all[to].focus();
    all[to].scrollIntoView({ block: "nearest" });
  };

  const open = (nth) => rows()[nth]?.click();

  const tell = () => {
    const told = sheet.querySelector("[data-keys-told]");
    if (!told) return;
    const known = new Set();
    told.replaceChildren();
    for (const one of document.querySelectorAll("[data-key][data-key-name]")) {
      const { key, keyName } = one.dataset;
      if (!key || known.has(key)) continue;
      known.add(key);
      const line = document.createElement("div");
      const term = document.createElement("dt");
      const what = document.createElement("dd");
      const cap = document.createElement("kbd");
      cap.textContent = key;
      what.textContent = keyName;
      term.append(cap);
      line.append(term, what);
      told.append(line);
    }
  };

  const show = () => {
    tell();
    sheet.showModal();
  };

  const leave = () => {
    const active = document.activeElement;
    if (active && active.matches(WRITES)) active.blur();
    else (rows()[Math.max(shown(), 0)] || document.body).focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step], [data-next], [data-sheet-open]");
    if (!button || button.closest("dialog.photo-dialog")) return;
    if (button.hasAttribute("data-sheet-open")) show();
    else if (button.hasAttribute("data-next")) open(shown() + 1);
    else step(Number(button.dataset.step));
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (!event.target.closest("details[data-menu]")) leave();
      return;
    }
    if (isOff() || event.target.closest(WRITES)) return;
    const pressed = first ? `${first} ${event.key}` : event.key;
    first = !first && event.key === "g" ? "g" : "";
    if (first) return;
    const one = pressed === "o" && current() >= 0 ? document.activeElement : named(pressed);
    if (!one) return;
    event.preventDefault();
    use(one);
  });
})();
