// A form becomes an item: kept first, sent after. Where nothing can be kept it is posted as ever.
"use strict";

(() => {
  const { store, items } = self.Field;
  const OURS = /^(csrfmiddlewaretoken|seen|since|key|finding)$|^initial-/;
  const TWICE = 2000; // milliseconds; so soon it is the same press once more
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
  const opened = (files, nth) => Promise.all(files.map(async ({ field, file, small }) => {
    const fit = await (small || self.Field.shrink?.(file, nth) || file);
    return { field, name: fit.name || "photo.jpg", type: fit.type, bytes: await fit.arrayBuffer() };
  }));

  const itemOf = async (form) => {
    const { compose, send, what, number, version, seq } = form.dataset;
    const files = await opened([...chosen(form), ...filesIn(form)], Number(form.dataset.smaller || 0));
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

  const isPhoto = ({ file }) => file.type.startsWith("image/");

  // No room: photos can be made smaller still and kept then, once or twice.
  const offerSmaller = (form) => {
    const nth = Number(form.dataset.smaller || 0) + 1;
    if (!self.Field.shrink || nth > self.Field.smallest || ![...chosen(form), ...filesIn(form)].some(isPhoto)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn w-100";
    button.textContent = words.smaller;
    button.addEventListener("click", () => {
      form.dataset.smaller = nth;
      self.Field.shots?.tighten(form, nth);
      submit(form);
    });
    document.getElementById("saved").append(button);
  };

  const complainOf = (error, form) => {
    const isFull = error?.name === "QuotaExceededError";
    say(isFull ? words.full : words.unkept, true);
    if (isFull) offerSmaller(form);
  };

  const empty = (form) => {
    form.reset();
    self.Field.shots?.forget(form);
    form.dispatchEvent(new CustomEvent("field:emptied"));
    for (const name of ["instead", "made", "observed", "smaller"]) delete form.dataset[name];
    form.dataset.keptAt = Date.now();
    form.dataset.blank = JSON.stringify(fieldsOf(form));
  };

  // The second press of a double one finds the form emptied, and means the first.
  const isTwice = (form) =>
    Date.now() - Number(form.dataset.keptAt || 0) < TWICE && !chosen(form).length && form.dataset.blank === JSON.stringify(fieldsOf(form));

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

  // What the server would refuse hours later is said at once, in its own words.
  const lacking = (form) => {
    const given = new FormData(form);
    const has = (name) => given.getAll(name).some((value) => (typeof value === "string" ? value.trim() : value.size));
    const sentences = new Set(self.Field.problems?.(form));
    for (const { name, dataset } of form.elements) {
      if (dataset.lacking && !has(name)) sentences.add(dataset.lacking);
      if (dataset.unexplained && given.get(name) === "NO" && !has(dataset.reason)) sentences.add(dataset.unexplained);
    }
    return [...sentences];
  };

  const submit = async (form) => {
    if (form.hasAttribute("aria-busy") || isTwice(form) || complain(form, lacking(form))) return;
    form.setAttribute("aria-busy", "true");
    try {
      const item = await itemOf(form);
      await store.keep([item, ...(self.Field.also?.(item) || [])], form.dataset.instead || null);
      say(navigator.onLine ? words.saved : words.kept);
      follow(item.id, form);
      empty(form);
      await self.Field.show();
      self.Field.replay().then(async () => {
        const now = await store.get(item.id);
        if (now?.state === "WAITING") say(words.kept);
      });
    } catch (error) {
      complainOf(error, form);
    } finally {
      form.removeAttribute("aria-busy");
    }
  };

  const fill = async (form) => {
    const id = new URLSearchParams(location.search).get("edit");
    const item = id && (await store.get(id));
    const isMine = item && item.person === document.body.dataset.person && item.state === "HELD";
    if (!isMine) return;
    // by now something else is to be done there, or nothing
    if (!document.querySelector(`form[data-compose="${item.kind}"]`)) say(words.past.replace("{what}", item.what), true);
    if (item.kind !== form.dataset.compose) return;
    const box = form.closest("details");
    if (box) box.open = true;
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
    form.dispatchEvent(new CustomEvent("field:filled", { detail: item.fields }));
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
