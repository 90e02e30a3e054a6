/* What is on the screen. Builds the same elements as templates/message.html: change both together. */

const byId = (id) => document.getElementById(id);
const log = byId("log");
let words = JSON.parse(document.body.dataset.words);

export const word = (key) => words[key] || "";

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}

/** Puts the page itself in the conversation's language. */
export function speak(data) {
  if (data.words) words = data.words;
  const root = document.documentElement;
  if (data.language) root.lang = data.language;
  if (data.dir) root.dir = data.dir;
  document.title = word("title");
  document.querySelectorAll("[data-w]").forEach((node) => {
    const text = word(node.dataset.w);
    if (node.textContent !== text) node.textContent = text; // an unchanged word is not read out again
  });
  log.querySelectorAll(".who").forEach((node) => { node.lang = root.lang; node.dir = root.dir; });
  const box = byId("box");
  box.placeholder = word("placeholder");
  if (!box.value) box.dir = root.dir;
  byId("below").setAttribute("aria-label", word("below") || word("bot"));
  if ("human" in data) byId("attach").hidden = !data.human;
  const notice = byId("notice");
  if ("notice" in data && notice.textContent !== (data.notice || "")) notice.textContent = data.notice || "";
}

function who(m) {
  const node = make("p", "who"); // a word of the page, whatever the language of the message
  node.lang = document.documentElement.lang;
  node.dir = document.documentElement.dir;
  if (m.from === "counsellor" && m.name) node.append(make("bdi", "", m.name), " · ");
  const name = make("span");
  name.dataset.w = m.from === "person" ? "you" : m.from;
  name.textContent = word(name.dataset.w);
  node.append(name);
  return node;
}

function choices(buttons) {
  const form = make("form", "choices");
  if (buttons.length > 5 && buttons.every((b) => b.title.length <= 18)) form.classList.add("short");
  buttons.forEach((b, i) => {
    const button = make("button");
    button.type = "button";
    button.name = "payload";
    button.value = b.payload;
    const title = make("span", "", b.title);
    title.dir = "auto";
    button.append(make("span", "n", String(i + 1)), title);
    form.append(button);
  });
  return form;
}

function article(m, fill) {
  const node = make("article", "msg " + m.from);
  if (m.id) node.dataset.id = m.id;
  if (m.language) node.lang = m.language;
  node.dir = m.dir || "auto";
  node.tabIndex = -1;
  const bubble = make("div", "bubble");
  const text = make("div", "text");
  if (m.from === "person") text.textContent = m.text;
  else fill(text, m.text || "");
  bubble.append(text);
  if (m.link && /^(https:\/\/|tel:|\/chat\/file\/)/.test(m.link.url)) {
    const link = make("a", "link", m.link.title);
    link.href = m.link.url;
    link.rel = "noreferrer";
    bubble.append(link);
  }
  node.append(who(m), bubble);
  if (m.buttons && m.buttons.length) node.append(choices(m.buttons));
  const meta = make("p", "meta");
  meta.append(make("time", "", m.at), " ", make("span", "state"));
  node.append(meta);
  return node;
}

const quieten = () => log.querySelectorAll(".choices:not(.old)").forEach((c) => c.classList.add("old"));

/** Shows what was just said, before the server has it. */
export function draft(item) {
  quieten();
  const node = article({ from: "person", text: item.label });
  node.dataset.draft = item.body.id;
  log.append(node);
  return node;
}

/** The bubble of a message not yet known under the server's number. */
const drafted = (id) => Array.from(log.children).find((n) => n.dataset.draft === id);

export function mark(item, state, text) {
  const node = drafted(item.body.id);
  if (!node) return;
  node.dataset.state = state;
  node.querySelector(".state").textContent = text;
}

/** Takes the person's own message back from the server: its bubble is already there. */
function own(m, said) {
  const drafts = Array.from(log.querySelectorAll("[data-draft]"));
  const mine = drafts.find((n) => n.dataset.draft === m.client_id) || (said && drafted(said)) ||
    drafts.find((n) => n.querySelector(".text").textContent === m.text);
  if (!mine) return null;
  mine.dataset.id = m.id;
  delete mine.dataset.draft;
  delete mine.dataset.state;
  mine.lang = m.language;
  mine.dir = m.dir;
  mine.querySelector(".text").textContent = m.text;
  mine.querySelector("time").textContent = m.at;
  log.querySelectorAll(".state").forEach((n) => { n.textContent = ""; });
  mine.querySelector(".state").textContent = word("delivered");
  return mine;
}

/** Adds the messages not yet shown, in the server's order. Returns the new elements.
 *  `said` = the id of what was sent, when these messages are the answer to it. */
export function add(messages, fill, said) {
  const fresh = [];
  messages.forEach((m) => {
    const id = Number(m.id);
    if (log.querySelector('[data-id="' + id + '"]')) {
      // Shown already, by the page or by listening: no second bubble for the same words.
      const twin = m.from === "person" && said && drafted(said);
      if (twin) twin.remove();
      return;
    }
    if (m.from === "person" && own(m, said)) return;
    const node = article(m, fill);
    const next = Array.from(log.children).find((n) => Number(n.dataset.id) > id);
    if (!next && (m.from === "person" || (m.buttons && m.buttons.length))) quieten();
    if (next && node.querySelector(".choices")) node.querySelector(".choices").classList.add("old");
    log.insertBefore(node, next || null);
    fresh.push(node);
  });
  return fresh;
}

/** Everything said leaves the screen (the person had it erased). */
export function wipe() {
  log.querySelectorAll(".msg").forEach((n) => n.remove());
}

const footer = document.querySelector("footer");
const room = () => innerHeight - document.querySelector("header").offsetHeight - footer.offsetHeight;
const end = () => document.documentElement.scrollHeight;

export const atEnd = () => end() - scrollY - innerHeight < 120;

/** Shows `node` from its beginning when what follows is longer than the screen, the end otherwise. */
export function settle(node) {
  byId("below").hidden = true;
  const tall = node && log.getBoundingClientRect().bottom - node.getBoundingClientRect().top > room();
  if (tall) node.scrollIntoView();
  else scrollTo(0, end());
}
