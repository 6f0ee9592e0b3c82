// The desk: which row lies in the pane, what comes after it, forms filled in from what lies beside.
"use strict";

(() => {
  const pane = document.getElementById("pane");
  const split = document.getElementById("split");
  const rows = () => [...document.querySelectorAll("#desk-list [data-row]")];
  const here = () => pane.querySelector("[data-number]")?.dataset.number || "";

  const mark = () => {
    const number = here();
    split.classList.toggle("has-ticket", Boolean(number));
    for (const row of rows()) {
      if (row.dataset.row === number) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  };

  // What comes after this one on the screen: the list may have other ideas by the time of the answer.
  const after = (number) => {
    const all = rows();
    const at = all.findIndex((row) => row.dataset.row === number);
    return (all[at + 1] || all[at - 1])?.dataset.row || "";
  };

  const token = () => document.cookie.match(/(?:^|; )[^=]*csrftoken=([^;]+)/)?.[1];

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters, verb } = event.detail;
    if (verb !== "post" || !pane.contains(elt)) return;
    parameters.next = after(here());
    // a page that stays open for a day outlives the token it came with
    if (token()) parameters.csrfmiddlewaretoken = token();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.elt.removeAttribute?.("aria-busy");
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === pane) {
      mark();
      if (!pane.contains(document.activeElement)) pane.querySelector("[data-focus], #pane-title")?.focus({ preventScroll: true });
    }
  });
  // The list is a new element each time; what was ticked stays ticked as long as it is the same.
  let picked = [];
  const boxes = () => [...document.querySelectorAll("#desk-list input[name=row]")];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id === "desk-list") picked = boxes().filter((box) => box.checked).map((box) => box.value);
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.target.id !== "desk-list") return;
    mark();
    for (const box of boxes()) box.checked = picked.includes(box.value);
  });

  const pick = () => {
    const row = rows().find((one) => one === document.activeElement) || rows().find((one) => one.dataset.row === here());
    const box = row?.closest("li").querySelector("input[name=row]");
    if (box) box.checked = !box.checked;
  };

  // One press opens the form with the other ticket filled in; sending it stays a deed of its own.
  const fill = (verb, number) => {
    const form = document.getElementById(`verb-${verb}`);
    if (!form) return;
    const box = form.closest("details");
    if (box) box.open = true;
    form.elements.target.value = number;
    form.querySelector("button[type=submit]").focus();
    form.scrollIntoView({ block: "center" });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (button) fill(button.dataset.fill, button.dataset.target);
    if (event.target.closest("[data-pick]")) pick();
  });

  // A standard answer goes to where one is writing, and is one's own from then on.
  document.addEventListener("change", (event) => {
    const select = event.target.closest("[data-standard]");
    const text = select?.selectedOptions[0].dataset.text;
    const box = text && document.getElementById(select.dataset.standard);
    if (!box) return;
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    select.selectedIndex = 0;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });

  mark();
})();
