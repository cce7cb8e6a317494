// Draws the messages of one call as arrows between the PBX and its peers.

const TIME = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

/** The columns: the caller's side, the PBX in the middle, then everyone it called. */
export function columns(messages) {
  const peers = [...new Set(messages.map((message) => message.peer))];
  return peers.length ? [peers[0], "PBX", ...peers.slice(1)] : [];
}

export function drawLadder(list, messages) {
  const names = columns(messages);
  const template = `13ch repeat(${names.length}, minmax(0, 1fr))`;
  const rows = messages.map((message) => row(message, names, template));
  list.replaceChildren(...(names.length ? [head(names, template), ...rows] : []));
}

function head(names, template) {
  const item = document.createElement("li");
  item.className = "names";
  item.style.gridTemplateColumns = template;
  const time = document.createElement("span");
  time.textContent = "Time";
  item.append(time, ...names.map(cell));
  return item;
}

function cell(name) {
  const span = document.createElement("span");
  span.textContent = name;
  span.title = name;
  return span;
}

function row(message, names, template) {
  const item = document.createElement("li");
  item.style.gridTemplateColumns = template;
  const time = document.createElement("time");
  time.textContent = TIME.format(new Date(message.time * 1000));
  item.append(time, arrow(message, names));
  return item;
}

function arrow(message, names) {
  const peer = names.indexOf(message.peer);
  const pbx = names.indexOf("PBX");
  const details = document.createElement("details");
  details.style.gridColumn = `${Math.min(peer, pbx) + 2} / ${Math.max(peer, pbx) + 3}`;
  const summary = document.createElement("summary");
  const towardsPbx = message.direction === "in";
  const toTheLeft = towardsPbx === pbx < peer;
  summary.classList.toggle("left", toTheLeft);
  summary.classList.toggle("failed", /^(SIP\/2\.0 [3-6]|CSTAErrorCode)/.test(message.first_line));
  summary.textContent = short(message);
  summary.setAttribute(
    "aria-label",
    `${towardsPbx ? `${message.peer} to PBX` : `PBX to ${message.peer}`}: ${short(message)}`,
  );
  const text = document.createElement("pre");
  text.textContent = message.text;
  details.append(summary, text);
  return details;
}

function short(message) {
  const line = message.first_line;
  if (line.startsWith("SIP/2.0 ")) {
    return `${line.slice(8)} (${message.cseq.split(/\s+/)[1] ?? ""})`;
  }
  return line.split(" ").slice(0, 2).join(" ");
}
