// Logging out: what was not sent is told of first, and copies of pages do not stay behind.
"use strict";

(() => {
  const dialog = document.getElementById("leave");
  const queue = dialog?.dataset.queue || document.body.dataset.queue;
  const me = dialog?.dataset.person || document.body.dataset.person;

  const unsent = async () => {
    const { store, items } = self.Field;
    const kept = (await store.isAble()) ? await store.all() : [];
    return kept.filter((item) => item.person === me && items.isUnsent(item));
  };

  const ask = (count) =>
    new Promise((done) => {
      const box = dialog.querySelector("[data-leave-count]");
      box.textContent = box.dataset.words.replace("{n}", count);
      dialog.returnValue = "stay";
      dialog.addEventListener("close", () => done(dialog.returnValue), { once: true });
      dialog.showModal();
    });

  // A copy of a page may be older than the login; without a signal nobody is logged out.
  const renew = async (form) => {
    if (!self.Field.send) return true;
    const session = await self.Field.send.whoAmI(document.body.dataset.session);
    if (session) form.elements.csrfmiddlewaretoken.value = session.csrf;
    else self.Field.say(dialog.dataset.away, true);
    return Boolean(session);
  };

  const leave = async (form) => {
    if (!(await renew(form))) return;
    const mine = await unsent();
    const chosen = mine.length ? await ask(mine.length) : "keep";
    if (chosen === "stay") return;
    if (chosen === "send") { location.assign(queue); return; }
    if (chosen === "drop") await self.Field.store.drop(mine.map((item) => item.id));
    await self.Field.forget();
    form.submit();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-leave]") || !dialog || !self.Field) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leave(form).catch(() => form.submit());
  }, true);
})();
