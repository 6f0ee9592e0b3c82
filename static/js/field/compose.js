// A form becomes an item: kept first, sent after. Where nothing can be kept it is posted as ever.
"use strict";

(() => {
  const { store, items } = self.Field;
  const OURS = /^(csrfmiddlewaretoken|seen|since|key|finding)$|^initial-/;
  const words = document.getElementById("field-words").dataset;
  const chosen = (form) => self.Field.shots?.of(form) || [];

  const fieldsOf = (form) => {
    const found = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && value.trim() !== "" && !OURS.test(name)) found[name] = value;
    }
    for (const box of form.querySelectorAll("input[type=checkbox]")) {
      delete found[box.name];
      if (box.checked) found[box.name] = "true";
    }
    return found;
  };

  const filesIn = (form) =>
    [...form.querySelectorAll("input[type=file]")].flatMap((input) =>
      [...input.files].map((file) => ({ field: input.name, file })));

  // Read before the database is opened: a transaction does not wait for a file.
  const opened = (files) => Promise.all(files.map(async ({ field, file, small }) => {
    const fit = await (small || self.Field.shrink?.(file) || file);
    return { field, name: fit.name || "photo.jpg", type: fit.type, bytes: await fit.arrayBuffer() };
  }));

  const itemOf = async (form) => {
    const { compose, send, what, number, version, seq } = form.dataset;
    const files = await opened([...chosen(form), ...filesIn(form)]);
    return items.make({
      // what was corrected was seen when it was first kept, unless that was what was wrong
      ...(form.dataset.made ? { made: Number(form.dataset.made), observed: form.dataset.observed || null } : {}),
      person: document.body.dataset.person, kind: compose, path: send, what, files,
      number: number || null, version: version ? Number(version) : null, seq: Number(seq || 0),
      fields: fieldsOf(form), isForm: compose === "report" || compose === "attach",
    }, Date.now());
  };

  const say = (text, isBad = false) => {
    const box = document.getElementById("saved");
    box.textContent = text;
    box.classList.toggle("is-bad", isBad);
    box.hidden = false;
    box.scrollIntoView({ block: "center" });
  };

  const complain = (form, sentences) => {
    const box = form.querySelector("[data-problems]");
    const list = document.createElement("ul");
    for (const sentence of sentences) {
      const line = document.createElement("li");
      line.textContent = sentence;
      list.append(line);
    }
    box.replaceChildren(list);
    box.hidden = !sentences.length;
    if (sentences.length) box.focus();
    return sentences.length > 0;
  };

  const whyNot = (error) => (error?.name === "QuotaExceededError" ? words.full : words.unkept);

  const empty = (form) => {
    form.reset();
    self.Field.shots?.forget(form);
    form.dispatchEvent(new CustomEvent("field:emptied"));
  };

  const follow = (id, form) => {
    document.addEventListener("field:done", (event) => {
      if (event.detail.id === id) say((form.dataset.done || words.done).replace("{number}", event.detail.number));
    });
    document.addEventListener("field:changed", (event) => {
      const held = event.detail.find((item) => item.id === id && item.state === "HELD");
      if (held) say(`${words.held} ${held.said.sentences.join(" ")}`, true);
    });
    if (form.dataset.number) form.closest("details").open = false;
  };

  const submit = async (form) => {
    if (form.hasAttribute("aria-busy") || complain(form, self.Field.problems?.(form) || [])) return;
    form.setAttribute("aria-busy", "true");
    try {
      const item = await itemOf(form);
      await store.keep([item, ...(self.Field.also?.(item) || [])], form.dataset.instead || null);
      for (const name of ["instead", "made", "observed"]) delete form.dataset[name];
      say(navigator.onLine ? words.saved : words.kept);
      follow(item.id, form);
      empty(form);
      await self.Field.show();
      self.Field.replay().then(async () => {
        const now = await store.get(item.id);
        if (now?.state === "WAITING") say(words.kept);
      });
    } catch (error) {
      say(whyNot(error), true);
    } finally {
      form.removeAttribute("aria-busy");
    }
  };

  const fill = async (form) => {
    const id = new URLSearchParams(location.search).get("edit");
    const item = id && (await store.get(id));
    const isMine = item && item.person === document.body.dataset.person && item.state === "HELD";
    if (!isMine || item.kind !== form.dataset.compose) return;
    for (const [name, value] of Object.entries(item.fields)) {
      for (const input of form.querySelectorAll(`[name="${name}"]`)) {
        if (input.type === "checkbox" || input.type === "radio") input.checked = input.type === "checkbox" || input.value === value;
        else input.value = value;
      }
    }
    self.Field.shots?.put(form, item.files);
    form.dataset.instead = id;
    if (!item.said?.errors?.includes("observed_at")) {
      form.dataset.made = item.made;
      form.dataset.observed = item.observed || "";
    }
    form.dispatchEvent(new CustomEvent("field:filled"));
  };

  // What this page's own act made of the version is what its next act on that ticket has seen.
  document.addEventListener("field:done", ({ detail }) => {
    if (!detail.of || !detail.version) return;
    for (const form of document.querySelectorAll(`form[data-number="${detail.of}"]`)) {
      if (form.dataset.version === String(detail.saw)) form.dataset.version = detail.version;
    }
  });

  // everything else of the page has to be there, too
  const loaded = new Promise((done) => {
    if (document.readyState === "complete") done();
    else addEventListener("load", done);
  });

  Promise.all([self.Field.begun, loaded]).then(() => {
    if (document.body.dataset.ready !== "able") return;
    for (const form of document.querySelectorAll("form[data-compose]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        event.stopPropagation();
        submit(form);
      });
      fill(form).catch(() => {});
      form.dataset.ready = "true";
    }
  });

  self.Field = { ...self.Field, say };
})();
