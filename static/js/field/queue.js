// The queue, as it lies on the telephone: each item with what became of it and what can be done.
"use strict";

(() => {
  const { store, items } = self.Field;
  const list = document.getElementById("queue");
  const others = document.getElementById("queue-others");
  const words = document.getElementById("queue-words").dataset;
  const sentences = document.getElementById("field-words").dataset;
  const me = document.body.dataset.person;
  const STATES = { WAITING: ["waiting", "info"], SENDING: ["sending", "info"], HELD: ["held", "bad"], DONE: ["sent", "good"] };
  const RETRIED = [403, 404, 409, 410, 412, 428, 500, 502, 504];
  const local = (moment) => new Date(moment).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });

  const textOf = (item) =>
    ["text", "note_optional", "result"].map((name) => item.fields[name]).filter(Boolean).join("\n");

  // How the ticket stands: as it was told with the refusal, unless the signal went just then.
  const seenOf = async (item) => {
    const now = item.said.now || (item.number && (await self.Field.send.look(item.number, item.seq)));
    return { version: now?.version ?? item.version, seq: now?.seq ?? item.seq };
  };

  const again = async (item) => {
    await store.change(item.id, {
      state: "WAITING", said: null, notBefore: 0, tries: 0, ...(await seenOf(item)),
    }, "HELD");
    self.Field.replay();
  };

  // A code that was renewed meanwhile: the visit stays, shown by nothing but its word.
  const byHand = async (item) => {
    const { mark: _mark, ...fields } = item.fields;
    await store.change(item.id, { state: "WAITING", said: null, notBefore: 0, fields: { ...fields, way: "HAND" } }, "HELD");
    self.Field.replay();
  };

  // What was meant to be done, when, and why it was not.
  const noteOf = async (item) => {
    const said = sentences.note.replace("{when}", local(item.made)).replace("{what}", item.what).replace("{why}", item.said.sentences.join(" "));
    return items.make({
      person: item.person, number: item.number, ...(await seenOf(item)),
      kind: "note", path: `/api/v1/tickets/${item.number}/note/`, what: words.note,
      fields: { text: [said, textOf(item)].filter(Boolean).join("\n") },
    }, Date.now());
  };

  const turn = async (item) => {
    await store.keep(await noteOf(item), item.id);
    self.Field.replay();
  };

  const download = (item) => {
    for (const file of item.files) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([file.bytes], { type: file.type }));
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    }
  };

  const button = (text, press, tone = "") => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn ${tone}`;
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  };

  const link = (text, address) => {
    const made = document.createElement("a");
    made.className = "btn";
    made.href = address;
    made.textContent = text;
    return made;
  };

  // Asked once: the second press means it.
  const dropping = (item) => {
    const made = button(words.drop, () => {
      if (made.dataset.sure) store.drop(item.id).then(self.Field.show);
      made.dataset.sure = "true";
      made.textContent = words.dropSure;
      made.classList.add("btn-danger");
    });
    return made;
  };

  const ticketOf = (number) => list.dataset.ticket.replace("/0/", `/${number}/`);

  const edited = (item) => `${item.number ? ticketOf(item.number) : list.dataset.report}?edit=${item.id}`;

  const tools = (item) => {
    if (item.state === "DONE") return item.result?.number ? [link(words.open, ticketOf(item.result.number))] : [];
    if (item.state !== "HELD") return [];
    if (item.kind === "check_in" && item.said.errors?.includes("mark")) return [button(words.byHand, () => byHand(item), "btn-primary"), dropping(item)];
    const isRetried = RETRIED.includes(item.said.status) || item.kind === "check_in";
    return [
      ...(isRetried ? [button(words.again, () => again(item), "btn-primary")] : [link(words.edit, edited(item))]),
      ...(item.number && !["note", "attach"].includes(item.kind) ? [button(words.note, () => turn(item))] : []),
      ...(item.files.length ? [button(words.save, () => download(item))] : []),
      dropping(item),
    ];
  };

  const changesOf = (item) => {
    const now = item.said?.now;
    if (item.state !== "HELD" || !now) return [];
    const lines = now.changes.map((change) => `${local(change.at)} ${change.title}`);
    return [sentences.now.replace("{state}", now.state), ...lines];
  };

  const draw = (item) => {
    const row = document.getElementById("item").content.firstElementChild.cloneNode(true);
    const part = (name) => row.querySelector(`[data-${name}]`);
    const [word, tone] = STATES[item.state];
    row.dataset.state = item.state;
    row.dataset.kind = item.kind;
    part("what").textContent = [item.what, item.result?.number || item.number].filter(Boolean).join(" ");
    // `data-state` of the row itself is the first to be found
    const pill = row.querySelector(".pill");
    pill.textContent = item.state === "WAITING" && item.tries ? words.later.replace("{n}", item.tries) : words[word];
    pill.classList.add(`pill-${tone}`);
    part("text").textContent = textOf(item);
    part("made").textContent = local(item.made);
    part("made").dateTime = new Date(item.made).toISOString();
    part("files").textContent = item.files.length ? words.files.replace("{n}", item.files.length) : "";
    const said = part("said");
    said.hidden = item.state !== "HELD";
    said.textContent = item.state === "HELD" ? item.said.sentences.join(" ") : "";
    const changes = part("changes");
    changes.replaceChildren(...changesOf(item).map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    changes.hidden = !changes.children.length;
    part("tools").append(...tools(item));
    return row;
  };

  const show = (kept) => {
    const mine = kept.filter((item) => item.person === me).sort(items.byAge);
    const theirs = kept.filter((item) => item.person !== me && items.isUnsent(item)).length;
    list.replaceChildren(...mine.map(draw));
    document.getElementById("queue-none").hidden = mine.some(items.isUnsent);
    document.getElementById("drop-done").hidden = !mine.some((item) => !items.isUnsent(item));
    others.hidden = !theirs;
    others.textContent = others.dataset.words.replace("{n}", theirs);
  };

  document.addEventListener("field:changed", (event) => show(event.detail));
  document.getElementById("send-now").addEventListener("click", async () => {
    const kept = await store.all();
    for (const item of kept.filter((one) => one.state === "WAITING")) await store.change(item.id, { notBefore: 0 }, "WAITING");
    self.Field.replay();
  });
  document.getElementById("drop-done").addEventListener("click", async () => {
    const kept = await store.all();
    await store.drop(kept.filter((item) => item.person === me && !items.isUnsent(item)).map((item) => item.id));
    await self.Field.show();
  });
  self.Field.begun.then(async () => {
    if (document.body.dataset.ready === "able") show(await store.all());
    list.dataset.ready = "true";
  });
})();
