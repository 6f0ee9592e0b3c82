// What was taken: photos shown small, a memo to be heard, each to be taken off again before it goes.
"use strict";

(() => {
  const kept = new WeakMap();

  const of = (form) => kept.get(form) || [];

  const remove = (form, shot, line) => {
    kept.set(form, of(form).filter((one) => one !== shot));
    release(line);
    line.remove();
  };

  const release = (box) => { for (const sound of box.querySelectorAll("audio")) URL.revokeObjectURL(sound.src); };

  // What was recorded here does not say how long it is until somebody has looked for its end.
  const measured = (sound) => {
    sound.addEventListener("loadedmetadata", () => {
      if (Number.isFinite(sound.duration)) return;
      sound.addEventListener("durationchange", () => { sound.currentTime = 0; }, { once: true });
      sound.currentTime = Number.MAX_SAFE_INTEGER;
    }, { once: true });
    return sound;
  };

  const player = (file, label) => {
    const sound = document.createElement("audio");
    sound.controls = true;
    sound.preload = "metadata";
    sound.setAttribute("aria-label", label);
    measured(sound).src = URL.createObjectURL(file);
    return sound;
  };

  const show = (form, shot) => {
    const list = form.querySelector(`[data-shots-of="${shot.field}"]`);
    if (!list) return;
    const line = document.createElement("li");
    const box = document.createElement("span");
    const drop = document.createElement("button");
    line.className = "shot";
    const isSound = shot.file.type.startsWith("audio/");
    box.className = isSound ? "shot-sound" : "shot-box";
    line.classList.toggle("has-sound", isSound);
    if (isSound) box.append(player(shot.file, list.dataset.label));
    else box.textContent = shot.file.name.split(".").pop().slice(0, 5).toUpperCase();
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
    for (const list of form.querySelectorAll("[data-shots-of]")) {
      release(list);
      list.replaceChildren();
    }
  };

  // There is no room for them as they are: smaller ones, though one sees less on them.
  const tighten = (form, nth) => {
    kept.set(form, of(form).map((shot) => ({ ...shot, small: self.Field.shrink(shot.file, nth) })));
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

  self.Field = { ...self.Field, shots: { of, put, forget, add, tighten } };
})();
