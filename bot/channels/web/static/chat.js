/* The page comes alive. Everything here is an addition: without it the forms of chat.html converse too. */

const byId = (id) => document.getElementById(id);

function start(view, wire, links) {
  const { word } = view;
  const log = byId("log"), box = byId("box"), trouble = byId("trouble"), dots = byId("dots"), below = byId("below");
  const newest = Array.from(log.querySelectorAll("[data-id]")).reduce((max, n) => Math.max(max, n.dataset.id), 0);
  let pressed = null; // the button last pressed from a keyboard
  let busy = false, typing = false; // the dots: the machine answers, or a counsellor types
  const rest = () => { busy = false; dots.hidden = !typing; };

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  }

  function take(data, said) {
    const follow = said || view.atEnd();
    if (data.reset) { view.wipe(); line.forget(); }
    view.speak(data);
    const fresh = view.add(data.messages, links.fill, said);
    if (!fresh.length) return;
    if (follow) view.settle(fresh[0]);
    else below.hidden = false;
    const first = fresh.find((n) => !n.classList.contains("person"));
    if (pressed && first && document.activeElement === pressed) {
      first.focus({ preventScroll: true }); // the next Tab reaches the new buttons
      pressed = null;
    }
  }

  const line = wire.open({
    sending(item) { view.mark(item, "sending", word("sending")); busy = true; dots.hidden = false; },
    waiting(item) { view.mark(item, "waiting", word("waiting") || word("sending")); },
    sent(item, data) {
      rest();
      view.mark(item, "sent", word("delivered"));
      take(data, item.body.id);
    },
    refused(item, sentence) {
      rest();
      view.mark(item, "refused", sentence || word("offline"));
      if (item.body.message && !box.value) { box.value = item.body.message; grow(); } // nothing typed is lost
      view.settle();
    },
    heard(data) {
      const follow = view.atEnd();
      typing = !!data.typing;
      take(data);
      if (!busy) dots.hidden = !typing;
      if (follow && typing && !data.messages.length) view.settle();
    },
    up() { trouble.firstElementChild.textContent = ""; trouble.lastElementChild.hidden = true; },
    down() {
      typing = false;
      rest();
      const said = trouble.firstElementChild;
      if (said.textContent) return;
      links.fill(said, word("offline"));
      trouble.lastElementChild.hidden = false;
      if (view.atEnd()) view.settle(); // the sentence takes room: the last words stay in sight
    },
  }, newest);

  function say(part, label) {
    const item = { label, body: Object.assign({ id: newId() }, part) };
    const node = view.draft(item);
    line.say(item);
    view.settle(node);
  }

  // A file goes by itself, once: it is not kept on the phone to be tried again.
  async function attach(file) {
    const item = { label: "📎 " + file.name, body: { id: newId() } };
    view.settle(view.draft(item));
    view.mark(item, "sending", word("sending"));
    try {
      take(await wire.upload(file, item.body.id), item.body.id);
    } catch (e) {
      view.mark(item, "refused", e.message || word("offline"));
    }
  }

  function share(label) {
    // Refused, unavailable or too slow: the server is told the button was pressed and says what else works.
    const other = () => say({ payload: "/share_position" }, label);
    if (!navigator.geolocation) return other();
    navigator.geolocation.getCurrentPosition(
      // Three decimals, about 100 m: enough for a commune, too little for a door.
      ({ coords }) => say({ position: { latitude: +coords.latitude.toFixed(3), longitude: +coords.longitude.toFixed(3) } }, word("share_position") || label),
      other,
      { timeout: 15000, maximumAge: 300000 }
    );
  }

  function grow() {
    box.style.height = "auto";
    box.style.height = box.scrollHeight + 2 + "px";
    box.dir = box.value ? "auto" : document.documentElement.dir;
  }

  log.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=payload]");
    if (!button) return;
    event.preventDefault();
    pressed = event.detail === 0 ? button : null;
    log.querySelectorAll(".chosen").forEach((n) => n.classList.remove("chosen"));
    button.classList.add("chosen");
    const label = button.lastElementChild.textContent;
    if (button.value === "/share_position") share(label);
    else say({ payload: button.value }, label);
  });
  byId("say").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    box.focus();
    if (!text) return;
    box.value = "";
    grow();
    say({ message: text }, text);
  });
  byId("file").addEventListener("change", (event) => {
    Array.from(event.target.files).forEach(attach);
    event.target.value = "";
  });
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    byId("send").click();
  });
  below.addEventListener("click", () => view.settle());
  addEventListener("scroll", () => { if (view.atEnd()) below.hidden = true; }, { passive: true });
  trouble.lastElementChild.addEventListener("click", line.wake);

  log.querySelectorAll(".msg:not(.person) .text").forEach((n) => links.fill(n, n.textContent));
  const known = Array.from(log.querySelectorAll("[data-client]"), (n) => n.dataset.client);
  line.unsent().forEach((item) => { if (!known.includes(item.body.id)) view.draft(item); });
  // The address is cleared of where the person came from: the server has it.
  history.replaceState(null, "", location.pathname);
  const turns = log.querySelectorAll(".msg");
  const last = Array.from(turns).map((n) => n.classList.contains("person")).lastIndexOf(true);
  if (last >= 0) view.settle(turns[last]);
  line.wake();
}

if (window.fetch && window.AbortController && window.crypto) {
  // The version of this file's own address goes to its parts, so that they may be cached for ever.
  const version = new URL(import.meta.url).search;
  Promise.all(["view", "wire", "links"].map((part) => import("./" + part + ".js" + version)))
    .then((parts) => start(parts[0], parts[1], parts[2]));
}
