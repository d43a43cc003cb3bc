// Small helpers; text from outside goes into the page as text alone, and Trusted Types hold us to it.
const at = (id) => document.getElementById(id);

/** An element with a class and what it holds: elements, or text. */
function make(name, kind, ...content) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  element.append(...content.filter((piece) => piece !== null && piece !== undefined));
  return element;
}

function cell(content, label, kind) {
  const element = make("td", kind || "");
  if (content !== undefined && content !== null && content !== "") element.append(content);
  if (label) element.dataset.name = label;
  return element;
}

/** Writes text only where it differs, so that a screen reader is not told what it knows. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const clock = new Map();
/** Local time of the browser, with the date if it is another day. */
function when(text) {
  if (!text) return "";
  const time = new Date(text), key = language;
  if (!clock.has(key)) {
    const tag = language === "zh" ? "zh-CN" : "en-GB";
    clock.set(key, [new Intl.DateTimeFormat(tag, {hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false}),
      new Intl.DateTimeFormat(tag, {month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false})]);
  }
  return clock.get(key)[time.toDateString() === new Date().toDateString() ? 0 : 1].format(time);
}

// Shape and colour say the same, so that neither is needed.
const LOOKS = {
  coordinated: ["◆", "good"], isolated: ["●", "good"], on_history: ["◐", "warn"], time_of_day: ["■", "fair"], local: ["□", "idle"],
  advisory: ["○", "idle"],
  manual: ["✚", "warn"], preempt: ["▶", "fair"], flash: ["▲", "bad"], offline: ["✕", "bad"],
  spillback: ["▲", "bad"], oversaturation: ["▲", "bad"], fault: ["▲", "bad"],
};
function badge(code, text) {
  const [shape, kind] = LOOKS[code] || ["▲", "warn"];
  const sign = make("span", "", shape);
  sign.setAttribute("aria-hidden", "true");
  return make("span", `badge ${kind}`, sign, text);
}

function pairs(list, entries) {
  const content = entries.filter(([, value]) => value !== undefined && value !== null && value !== "");
  list.replaceChildren(...content.flatMap(([key, value]) => [make("dt", "", t(key)), make("dd", "", value)]));
}

function notice(text) {
  at("notice").hidden = !text;
  write(at("notice"), text || "");
}

const SECRET = "greensplit.token";

class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/** Asks the daemon; the answer's body, or an error with its status. */
async function ask(path, method = "GET", body) {
  const answer = await request(path, method, body);
  return answer.json();
}

async function request(path, method = "GET", body, signal) {
  const headers = {"Accept-Language": language === "zh" ? "zh-CN" : "en"};
  const token = sessionStorage.getItem(SECRET);
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(path, {method, headers, signal, cache: "no-store", credentials: "omit",
    body: body === undefined ? undefined : JSON.stringify(body)});
  if (answer.ok) return answer;
  let text = answer.statusText;
  try {
    const told = await answer.json();
    text = (typeof told.error === "object" ? said(told.error) : told.error) || text;
  } catch { /* No JSON: the status must do. */ }
  throw new Refused(answer.status, text);
}

/** What went wrong, for people. */
function problem(error) {
  if (error.status === 401) return t("tokenNeeded");
  if (error.status === 403) return t("tokenRole");
  if (error.status === 429) return t("tooOften");
  return error.status ? t("failed", error.message) : t("lost");
}

/** Events of `path` to `hear(name, data)` until `signal`; comes back when the stream ends. */
async function listen(path, hear, signal) {
  const answer = await request(path, "GET", undefined, signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event), data = /^data: (.*)$/m.exec(event);
      if (name && data) hear(name[1], JSON.parse(data[1]));
    }
  }
}
