// Photos that were taken: shown small, to be taken off again, several from camera and album together.
"use strict";

(() => {
  const kept = new WeakMap();

  const of = (form) => kept.get(form) || [];

  const remove = (form, shot, line) => {
    kept.set(form, of(form).filter((one) => one !== shot));
    line.remove();
  };

  const show = (form, shot) => {
    const list = form.querySelector(`[data-shots-of="${shot.field}"]`);
    if (!list) return;
    const line = document.createElement("li");
    const box = document.createElement("span");
    const drop = document.createElement("button");
    line.className = "shot";
    box.className = "shot-box";
    box.textContent = list.dataset.label || shot.file.name.split(".").pop().slice(0, 5).toUpperCase();
    drop.className = "shot-drop";
    drop.type = "button";
    drop.textContent = "×";
    drop.setAttribute("aria-label", list.dataset.remove.replace("{name}", shot.file.name));
    drop.addEventListener("click", () => remove(form, shot, line));
    line.append(box, drop);
    list.append(line);
    if (shot.file.type.startsWith("image/")) drawSmall(shot.file, box).catch(() => {});
  };

  const add = (form, field, file) => {
    const shot = { field, file, small: self.Field.shrink(file) }; // while the rest is written
    kept.set(form, [...of(form), shot]);
    show(form, shot);
  };

  const forget = (form) => {
    kept.delete(form);
    for (const list of form.querySelectorAll("[data-shots-of]")) list.replaceChildren();
  };

  const put = (form, files) => {
    forget(form);
    for (const file of files) add(form, file.field, new File([file.bytes], file.name, { type: file.type }));
  };

  // The same input may be used again and again: what it holds is taken over.
  document.addEventListener("change", (event) => {
    const input = event.target;
    const form = input.form;
    if (input.type !== "file" || !form?.dataset.ready || !form.querySelector(`[data-shots-of="${input.name}"]`)) return;
    for (const file of input.files) add(form, input.name, file);
    input.value = "";
    form.dispatchEvent(new CustomEvent("field:shot"));
  });

  self.Field = { ...self.Field, shots: { of, put, forget, add } };
})();
