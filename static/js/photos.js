// A photo opens in a dialog above the page; without script its link opens it by itself.
"use strict";

(() => {
  const links = () => [...document.querySelectorAll("a[data-photo]")];
  let dialog;
  let shown = 0;

  const show = (nth) => {
    const all = links();
    shown = (nth + all.length) % all.length;
    const link = all[shown];
    const picture = dialog.querySelector("img");
    picture.src = link.href;
    picture.alt = link.dataset.caption;
    dialog.querySelector("[data-said]").textContent = `${link.dataset.caption} ${shown + 1} / ${all.length}`;
    dialog.querySelector("[data-full]").href = link.href;
  };

  const build = () => {
    const template = document.getElementById("photo-dialog");
    dialog = template.content.firstElementChild.cloneNode(true);
    document.body.append(dialog);
    dialog.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]");
      if (step) show(shown + Number(step.dataset.step));
      else if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") show(shown - 1);
      if (event.key === "ArrowRight") show(shown + 1);
    });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-photo]");
    const template = document.getElementById("photo-dialog");
    if (!link || !template || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!dialog) build();
    show(links().indexOf(link));
    dialog.showModal();
  });
})();
