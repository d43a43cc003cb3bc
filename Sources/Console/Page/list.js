// All junctions: newest rows, filters, a page of them at a time.
const PAGE = 100;
const list = {rows: new Map(), sequence: null, waiting: [], modes: [], kinds: [], mode: "", kind: "", search: "", page: 0, drawn: new Map()};
// Worst first, then by number.
const RANK = {offline: 0, flash: 1, manual: 2, local: 3, time_of_day: 4, on_history: 5, preempt: 6, advisory: 7, isolated: 8, coordinated: 9};

function takeList(told) {
  list.rows = new Map(told.junctions.map((row) => [row.id, row]));
  [list.sequence, list.modes, list.kinds] = [told.sequence, told.modes, told.trouble_kinds];
  const waiting = list.waiting;
  list.waiting = [];
  waiting.forEach(takeChanges);
  drawList();
}

/** Changes that come before the list itself wait for it. */
function takeChanges(told) {
  if (list.sequence === null) return list.waiting.push(told);
  if (told.sequence <= list.sequence) return undefined;
  list.sequence = told.sequence;
  for (const row of told.junctions) list.rows.set(row.id, row);
  for (const id of told.removed) list.rows.delete(id);
  return drawList();
}

const modeName = (code) => said((list.modes.find((mode) => mode.code === code) || {}).words) || code;
const kindName = (code) => said((list.kinds.find((kind) => kind.code === code) || {}).words) || code;

function wanted() {
  const words = list.search.toLowerCase();
  const order = new Intl.Collator(undefined, {numeric: true}).compare;
  return [...list.rows.values()].filter((row) =>
    (!list.mode || row.mode === list.mode)
    && (!list.kind || row.troubles.some((trouble) => list.kind === "any" || trouble.kind === list.kind))
    && (!words || row.id.toLowerCase().includes(words) || row.name.toLowerCase().includes(words)))
    .sort((a, b) => (b.troubles.length > 0) - (a.troubles.length > 0) || RANK[a.mode] - RANK[b.mode] || order(a.id, b.id));
}

function drawList() {
  if (at("list").hidden) return;
  const counted = (keep) => [...list.rows.values()].filter(keep).length;
  chips(at("modes"), "mode", [["", t("any"), list.rows.size], ...list.modes.map((mode) =>
    [mode.code, said(mode.words), counted((row) => row.mode === mode.code)])]);
  chips(at("troubles"), "kind", [["", t("any"), list.rows.size], ["any", t("anyTrouble"), counted((row) => row.troubles.length)],
    ...list.kinds.map((kind) => [kind.code, said(kind.words),
      counted((row) => row.troubles.some((trouble) => trouble.kind === kind.code))])]);
  const rows = wanted();
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  list.page = Math.min(list.page, pages - 1);
  const shown = rows.slice(list.page * PAGE, (list.page + 1) * PAGE);
  write(at("found"), t("shown", rows.length, list.rows.size));
  at("pages").hidden = pages === 1;
  write(at("page"), t("page", list.page + 1, pages));
  at("previous").disabled = list.page === 0;
  at("next").disabled = list.page === pages - 1;
  drawRows(shown);
}

/** Rows that look as before stay the elements that they are, so that focus and a reader's place stay. */
function drawRows(shown) {
  const drawn = new Map();
  for (const row of shown) {
    const look = language + JSON.stringify(row), known = list.drawn.get(row.id);
    if (known && known.look === look) {
      drawn.set(row.id, known);
    } else if (known) {
      known.element.replaceChildren(...cells(row, known.element.querySelector("a")));
      drawn.set(row.id, {look, element: known.element});
    } else {
      drawn.set(row.id, {look, element: make("tr", "", ...cells(row))});
    }
  }
  list.drawn = drawn;
  const body = at("rows"), elements = [...drawn.values()].map((one) => one.element);
  const isSame = body.children.length === elements.length && elements.every((element, i) => body.children[i] === element);
  if (isSame) return;
  const focused = body.contains(document.activeElement) ? document.activeElement : null;
  body.replaceChildren(...elements);
  if (focused && focused.isConnected) focused.focus({preventScroll: true});
}

function cells(row, link = make("a")) {
  link.href = `#/junction/${encodeURIComponent(row.id)}`;
  write(link, row.id);
  const head = make("th", "", link, make("span", "name", row.name));
  head.scope = "row";
  const troubles = row.troubles.map((trouble) =>
    badge(trouble.kind, kindName(trouble.kind) + (trouble.place ? ` · ${trouble.place}` : "")));
  const mode = make("span", "", badge(row.mode, modeName(row.mode)));
  if (!["coordinated", "isolated"].includes(row.mode)) mode.append(make("span", "name", said(row.cause_words)));
  return [head, cell(mode), cell(troubles.length ? make("span", "", ...troubles) : ""),
    cell(row.saturation === undefined ? "" : row.saturation.toFixed(2), t("saturation"), "number"),
    cell(when(row.since), t("since"), "time")];
}

function chips(box, name, choices) {
  const shown = choices.filter(([code, , count]) => count || !code || list[name] === code);
  const buttons = new Map([...box.children].map((button) => [button.dataset.code, button]));
  const wantedButtons = shown.map(([code, text, count]) => {
    const button = buttons.get(code) || make("button");
    button.type = "button";
    button.dataset.code = code;
    button.setAttribute("aria-pressed", String(list[name] === code));
    write(button, `${text} ${count}`);
    button.onclick = () => {
      [list[name], list.page] = [code, 0];
      drawList();
    };
    return button;
  });
  if (wantedButtons.length !== box.children.length || wantedButtons.some((button, i) => box.children[i] !== button)) {
    const focused = document.activeElement;
    box.replaceChildren(...wantedButtons);
    if (wantedButtons.includes(focused)) focused.focus();
  }
}

function startList() {
  at("search").addEventListener("input", () => {
    [list.search, list.page] = [at("search").value.trim(), 0];
    drawList();
  });
  for (const [id, step] of [["previous", -1], ["next", 1]]) {
    at(id).addEventListener("click", () => {
      list.page += step;
      drawList();
      at("main").scrollIntoView();
    });
  }
}
