/* The line to the server: what is said leaves in order, is tried again until it arrives under the
   same id (the server drops repeats), and what comes later is listened for. */

const PATH = "/chat/messages";
const WAITS = [1, 2, 4, 8, 15, 30]; // seconds between two tries
const SEND_MS = 40000; // a 2G line is slow, not dead
const LISTEN_MS = 45000; // the server holds up to 25 s
const KEPT = "unsent"; // sessionStorage only: gone with the tab, and by quick leave

/** The server understood and said no; `message` is its sentence, "" when it gave none. */
export class Refused extends Error {}

const wait = (tries) => (WAITS[Math.min(tries, WAITS.length - 1)] + Math.random()) * 1000;

async function call(path, body, ms, stop) {
  const timer = setTimeout(() => stop.abort(), ms);
  try {
    const headers = { "X-Premierpas": "1", Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch(path, {
      method: body ? "POST" : "GET", headers, body, signal: stop.signal, cache: "no-store",
      credentials: "same-origin", redirect: "error",
      keepalive: !!body && body.length < 20000, // leaving the page does not cut what is being sent
    });
    const status = answer.status;
    if (status === 408 || status === 429 || status >= 500) {
      const later = new Error("busy");
      later.after = Number(answer.headers.get("Retry-After")) * 1000 || 0;
      throw later;
    }
    if (!answer.ok) {
      const said = await answer.json().catch(() => ({}));
      throw new Refused(typeof said.detail === "string" ? said.detail : "");
    }
    const data = await answer.json(); // a Wi-Fi sign-in page is not JSON: that is "not sent yet"
    if (!Array.isArray(data.messages)) throw new Error("not an answer of ours");
    return data;
  } finally {
    clearTimeout(timer);
  }
}

const UPLOAD_MS = 180000; // some megabytes on a slow line

/** Sends one file to the counsellor. Throws Refused with the server's sentence. */
export async function upload(file, id) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), UPLOAD_MS);
  try {
    const answer = await fetch("/chat/files?id=" + id + "&name=" + encodeURIComponent(file.name.slice(-80)), {
      method: "POST", body: file, signal: stop.signal, credentials: "same-origin", redirect: "error",
      headers: { "X-Premierpas": "1", Accept: "application/json", "Content-Type": file.type || "application/octet-stream" },
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(typeof said.detail === "string" ? said.detail : "");
    return said;
  } finally {
    clearTimeout(timer);
  }
}

/** Opens the line. `on` = {sending, waiting, sent, refused, heard, up, down}; `cursor` = last id shown. */
export function open(on, cursor) {
  let items = [];
  let busy = false, gone = false, tries = 0, retry = 0;
  try { items = JSON.parse(sessionStorage.getItem(KEPT)) || []; } catch (e) { items = []; }

  function keep() {
    // A position is never written down, not even here.
    try { sessionStorage.setItem(KEPT, JSON.stringify(items.filter((i) => !i.body.position))); } catch (e) { /* private mode */ }
  }

  async function pump() {
    if (busy || gone || !items.length) return;
    clearTimeout(retry);
    busy = true;
    const item = items[0];
    on.sending(item);
    let pause = 0;
    try {
      const data = await call(PATH, JSON.stringify(item.body), SEND_MS, new AbortController());
      tries = 0;
      if (gone) return;
      items.shift();
      keep();
      on.up();
      on.sent(item, data);
    } catch (e) {
      if (gone) return;
      if (e instanceof Refused) {
        items.shift();
        keep();
        on.refused(item, e.message);
      } else {
        pause = Math.max(e.after || 0, wait(tries++));
        items.forEach(on.waiting);
        on.down();
      }
    } finally {
      busy = false;
    }
    if (pause) retry = setTimeout(pump, pause);
    else pump();
  }

  let ear = null, missed = 0, again = 0, typing = false;
  async function listen() {
    clearTimeout(again);
    if (ear || gone || document.hidden) return;
    const mine = (ear = new AbortController());
    const began = Date.now();
    let pause = 0;
    try {
      const data = await call(PATH + "?after=" + cursor + (typing ? "&typing=1" : ""), undefined, LISTEN_MS, mine);
      missed = 0;
      if (gone) return;
      const turned = typing !== !!data.typing; // somebody began to type, or stopped
      typing = !!data.typing;
      // Only listening moves the cursor: an answer to a sending may overtake a reminder.
      data.messages.forEach((m) => { cursor = Math.max(cursor, m.id); });
      if (!items.length) on.up();
      on.heard(data);
      if (!data.messages.length && !turned && Date.now() - began < 2000) pause = 3000; // a server that does not hold
    } catch (e) {
      if (gone) return;
      pause = Math.max(e.after || 0, wait(e instanceof Refused ? 9 : missed++));
      if (!document.hidden && missed > 1) on.down();
    } finally {
      if (ear === mine) ear = null;
    }
    again = setTimeout(listen, pause);
  }

  function wake() {
    tries = missed = 0;
    pump();
    listen();
  }
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) wake();
    else if (ear) ear.abort();
  });
  addEventListener("online", wake);
  addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
  document.addEventListener("leave", () => {
    gone = true;
    items = [];
    if (ear) ear.abort();
  });

  return {
    unsent: () => items.slice(),
    say(item) { items.push(item); keep(); pump(); },
    forget() { items = []; keep(); },
    wake,
  };
}
