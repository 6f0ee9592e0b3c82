// The unit's page: what was ticked stays ticked when the list comes anew.
"use strict";

(() => {
  const boxes = () => [...document.querySelectorAll("#unit-list input[name=row]")];
  let picked = [];

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id === "unit-list") picked = boxes().filter((box) => box.checked).map((box) => box.value);
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.target.id !== "unit-list") return;
    for (const box of boxes()) box.checked = picked.includes(box.value);
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-pick-all]")) return;
    const isAll = boxes().every((box) => box.checked);
    for (const box of boxes()) box.checked = !isAll;
  });

  const token = () => document.cookie.match(/(?:^|; )[^=]*csrftoken=([^;]+)/)?.[1];
  document.addEventListener("htmx:configRequest", (event) => {
    const { parameters, verb } = event.detail;
    // a page that stays open for a day outlives the token it came with
    if (verb === "post" && token()) parameters.csrfmiddlewaretoken = token();
  });
})();
