// Sends what waits, one item after another, in the order of their making; on every page of the field.
"use strict";

(() => {
  const { store, items } = self.Field;
  const { send, whoAmI, look } = self.Field.send;
  const EVERY = 30000;
  const body = document.body;
  const words = document.getElementById("field-words").dataset;
  const TOLD = ["login-needed", "other-person"];
  let mark = "";

  const tell = (id) => { for (const one of TOLD) document.getElementById(one).hidden = one !== id; };

  const show = async () => {
    const kept = await store.all();
    const mine = kept.filter((item) => item.person === body.dataset.person && items.isUnsent(item)).length;
    const chip = document.querySelector("[data-unsent]");
    chip.textContent = mine ? chip.dataset.some.replace("{n}", mine) : chip.dataset.none;
    chip.parentElement.classList.toggle("has-some", mine > 0);
    for (const box of document.querySelectorAll("[data-unsent-number]")) box.textContent = mine;
    const now = JSON.stringify(kept.map((item) => [item.id, item.state, item.tries]));
    if (now !== mark) document.dispatchEvent(new CustomEvent("field:changed", { detail: kept }));
    mark = now;
  };

  const sentences = (answer) => {
    const { body: told, status } = answer;
    if (status === 413 && !told?.detail) return [words.tooLarge];
    const errors = Object.values(told?.errors || {}).flat();
    return errors.length ? errors : [told?.detail || words.strange];
  };

  const hold = async (item, answer) => {
    const now = item.number && answer.status !== 422 ? await look(item.number, item.seq) : null;
    const errors = Object.keys(answer.body?.errors || {});
    const told = { status: answer.status, sentences: sentences(answer), errors, now };
    return store.change(item.id, { state: "HELD", said: told });
  };

  // What one's own act made of the version is what one's next act on that ticket has seen.
  const carry = async (item, version) => {
    if (!item.number || version === null) return;
    for (const one of await store.all()) {
      if (one.number === item.number && one.id !== item.id && items.isUnsent(one) && one.version === item.version) {
        await store.change(one.id, { version }, "WAITING");
      }
    }
  };

  // What comes after names what became of this, before this is done and may be forgotten.
  const fillIn = async (item, number) => {
    const later = (await store.all()).filter((one) => one.after === item.id && one.fill);
    for (const one of later) await store.change(one.id, { fields: { ...one.fields, [one.fill]: number } });
  };

  const done = async (item, answer) => {
    await carry(item, answer.version);
    await fillIn(item, answer.body.number);
    const result = { number: answer.body.number };
    await store.change(item.id, { state: "DONE", files: [], doneAt: Date.now(), result, said: null });
    const seen = { of: item.number, saw: item.version, version: answer.version };
    document.dispatchEvent(new CustomEvent("field:done", { detail: { id: item.id, ...seen, ...result } }));
  };

  const back = (item, wait, tries = item.tries) =>
    store.change(item.id, { state: "WAITING", tries, notBefore: Date.now() + wait });

  // Gives whether to go on with the next one.
  const settle = async (item, answer, kind) => {
    if (kind === "DONE") await done(item, answer);
    if (kind === "HELD") await hold(item, answer);
    if (kind === "LATER") await back(item, answer.wait || items.pause(item.tries));
    if (kind !== "BACKOFF") return kind !== "LATER";
    if (items.isHopeless(item.tries + 1, answer.status)) await hold(item, answer);
    else await back(item, items.pause(item.tries), item.tries + 1);
    return answer.status >= 500; // no signal: the rest would only fail, too
  };

  const take = (item, session) =>
    store.change(item.id, {
      state: "SENDING", until: Date.now() + items.LEASE,
      // once and for all: the same key has to say the same a second time
      observed: item.observed || new Date(item.made + session.ahead).toISOString(),
    }, item.state);

  const one = async (item, session) => {
    const taken = await take(item, session);
    if (!taken) return true;
    await show();
    let answer = await send(taken, session);
    let kind = items.verdict(answer.status, answer.code);
    if (kind === "LOGIN") {
      const fresh = await whoAmI(body.dataset.session);
      if (fresh?.person === item.person && !fresh.needs_factor) {
        Object.assign(session, fresh);
        answer = await send(taken, session);
        kind = items.verdict(answer.status, answer.code);
      }
    }
    if (kind === "LOGIN" || kind === "KEEP") {
      await back(item, 0);
      tell(answer.code === "other_person" ? "other-person" : "login-needed");
      return false;
    }
    return settle(taken, answer, kind);
  };

  // Whoever holds the lock is the only one who sends: what is still under way was left by a page
  // that is gone. Its key makes a second time harmless.
  const revive = async () => {
    for (const item of await store.all()) {
      if (item.state === "SENDING") await store.change(item.id, { state: "WAITING" }, "SENDING");
    }
  };

  const run = async () => {
    if (navigator.locks) await revive();
    const kept = await store.all();
    const over = kept.filter((item) => items.isOver(item, Date.now()));
    if (over.length) await store.drop(over.map((item) => item.id));
    if (!kept.some(items.isUnsent)) return tell("");
    const session = await whoAmI(body.dataset.session);
    if (!session) return undefined;
    if (!session.person || session.needs_factor) return tell("login-needed");
    tell(session.person === body.dataset.person ? "" : "other-person");
    const tried = new Set();
    for (;;) {
      const next = items.ready(await store.all(), session.person, Date.now()).find((item) => !tried.has(item.id));
      if (!next) return undefined;
      tried.add(next.id);
      if (!(await one(next, session))) return undefined;
      await show();
    }
  };

  // One page after another; where there are no locks, leases and keys make two of them harmless.
  let running = null;
  const replay = () => {
    const locked = () => (navigator.locks ? navigator.locks.request("hubin-replay", run) : run());
    running ||= locked().catch(() => {}).finally(() => { running = null; return show().catch(() => {}); });
    return running;
  };

  const begin = async () => {
    if (!(await store.isAble())) {
      document.getElementById("unable").hidden = false;
      body.dataset.ready = "unable";
      return;
    }
    navigator.storage?.persist?.();
    await show();
    body.dataset.ready = "able";
    replay();
    addEventListener("online", replay);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) replay(); });
    setInterval(() => { if (!document.hidden) replay(); }, EVERY);
  };

  self.Field = { ...self.Field, replay, show, begun: begin() };
})();
