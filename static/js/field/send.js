// One item → one request → what the server said. Kept nowhere, shown nowhere.
"use strict";

(() => {
  const PATIENCE = 60000;
  const SLOWEST = 20000; // bytes a second: files get the time they need

  const isFormed = (item) => item.files.length > 0 || item.isForm;

  const said = (item) => {
    const fields = { ...item.fields, observed_at: item.observed };
    if (!isFormed(item)) return JSON.stringify(fields);
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    for (const file of item.files) form.append(file.field, new Blob([file.bytes], { type: file.type }), file.name);
    return form;
  };

  const headers = (item, session) => ({
    Accept: "application/json",
    "X-CSRFToken": session.csrf,
    "Hubin-Person": item.person,
    "Idempotency-Key": item.id,
    ...(item.version === null ? {} : { "If-Match": `"${item.version}"` }),
    ...(isFormed(item) ? {} : { "Content-Type": "application/json" }),
  });

  const weight = (item) => item.files.reduce((sum, file) => sum + file.bytes.byteLength, 0);

  const read = async (answer) => {
    try { return await answer.json(); } catch { return null; }
  };

  const NOTHING = { status: 0, code: "", body: null, wait: 0, version: null };

  const send = async (item, session) => {
    try {
      const answer = await fetch(item.path, {
        method: "POST", headers: headers(item, session), body: said(item), redirect: "error",
        signal: AbortSignal.timeout(PATIENCE + (weight(item) / SLOWEST) * 1000),
      });
      const body = await read(answer);
      // a hotel's or tunnel's page in the way answers 200, too, but not like this
      if (answer.ok && !body?.number && !body?.id) return NOTHING;
      return {
        status: answer.status,
        code: body?.code || "",
        body,
        wait: Number(answer.headers.get("Retry-After") || 0) * 1000,
        version: Number(answer.headers.get("ETag")?.match(/\d+/)?.[0]) || null,
      };
    } catch {
      return NOTHING;
    }
  };

  // Whose session this is now; nothing where there is no signal.
  const whoAmI = async (address) => {
    try {
      const answer = await fetch(address, { redirect: "error", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      const session = answer.ok ? await read(answer) : null;
      return session && "person" in session ? { ...session, ahead: Date.parse(session.now) - Date.now() } : null;
    } catch {
      return null;
    }
  };

  // How a ticket stands now, and what was done on it since; for whoever has to decide.
  const look = async (number, seq) => {
    const ask = async (path) => {
      const answer = await fetch(`/api/v1/tickets/${number}/${path}`, { redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
      return answer.ok ? read(answer) : null;
    };
    try {
      const [now, events] = await Promise.all([ask(""), ask(`events/?after=${seq}`)]);
      const changes = (events?.results || []).map((event) => ({ at: event.at, title: event.title }));
      return now && { version: now.version, seq: now.seq, state: now.state_text, changes };
    } catch {
      return null;
    }
  };

  self.Field = { ...self.Field, send: { send, whoAmI, look } };
})();
