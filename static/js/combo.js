// A text box with suggestions: <input data-combo list="…"> filters the options of its datalist by
// value and data-keys (pinyin); data-combo holds what the list is called; <input data-combo data-combo-url="…"> asks the server as one types.
// Without script the plain datalist or the bare text box does, and the server understands codes and names.
"use strict";

(() => {
  const SHOWN = 12;
  const WAIT_MS = 180;
  let made = 0;

  const local = (input) => {
    const options = [...document.getElementById(input.getAttribute("list")).options].map((option) => ({
      value: option.value,
      note: "",
      keys: `${option.value} ${option.dataset.keys || ""}`.toLowerCase(),
    }));
    return async (text) => {
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      return options.filter((option) => words.every((word) => option.keys.includes(word)));
    };
  };

  const remote = (input) => async (text) => {
    if (!text.trim()) return [];
    const answer = await fetch(`${input.dataset.comboUrl}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).options : [];
  };

  const drawn = (option, id) => {
    const row = document.createElement("li");
    row.id = id;
    row.setAttribute("role", "option");
    row.dataset.value = option.value;
    row.textContent = option.value;
    if (option.note) {
      const note = document.createElement("span");
      note.className = "soft";
      note.textContent = ` ${option.note}`;
      row.append(note);
    }
    return row;
  };

  const arm = (input) => {
    const find = input.hasAttribute("list") ? local(input) : remote(input);
    const box = document.createElement("ul");
    box.id = `combo-${++made}`;
    box.className = "combo-list";
    box.hidden = true;
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", input.dataset.combo);
    input.removeAttribute("list");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", box.id]]) {
      input.setAttribute(name, value);
    }
    const frame = document.createElement("div");
    frame.className = "combo";
    input.replaceWith(frame);
    frame.append(input, box);

    let at = -1;
    let asked = 0;
    const close = () => {
      box.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (next) => {
      const rows = box.children;
      if (!rows.length) return;
      if (rows[at]) rows[at].removeAttribute("aria-selected");
      at = (next + rows.length) % rows.length;
      rows[at].setAttribute("aria-selected", "true");
      rows[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", rows[at].id);
    };
    const choose = (row) => {
      input.value = row.dataset.value;
      close();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const offer = async () => {
      const turn = ++asked;
      const options = await find(input.value).catch(() => []);
      if (turn !== asked || document.activeElement !== input) return;
      at = -1;
      box.replaceChildren(...options.slice(0, SHOWN).map((option, place) => drawn(option, `${box.id}-${place}`)));
      box.hidden = !options.length;
      input.setAttribute("aria-expanded", String(!box.hidden));
      input.removeAttribute("aria-activedescendant");
    };

    let timer = 0;
    const wait = input.dataset.comboUrl ? WAIT_MS : 0;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(offer, wait);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && box.hidden) {
        event.preventDefault();
        offer();
      } else if (box.hidden) {
        return;
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
      } else if (event.key === "Enter" && at >= 0) {
        event.preventDefault();
        choose(box.children[at]);
      } else if (event.key === "Escape") {
        event.stopPropagation();
        close();
      }
    });
    // mousedown comes before blur
    box.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const row = event.target.closest("[role=option]");
      if (row) choose(row);
    });
  };

  const armAll = (root) => root.querySelectorAll("[data-combo]:not([role=combobox])").forEach(arm);
  document.addEventListener("DOMContentLoaded", () => armAll(document));
  document.addEventListener("htmx:afterSwap", (event) => armAll(event.target));
})();
