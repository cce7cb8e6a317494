// The faults form: one field for each switch that the PBX names, so a new one needs nothing here.

import { ask } from "/ask.js";

const $ = (id) => document.getElementById(id);

/** A field as its schema says: a switch, or a number that may be left empty. */
function field(name, schema, value) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  const text = document.createElement("span");
  const number = schema.anyOf?.find((kind) => kind.type !== "null") ?? schema;
  input.name = name;
  if (number.type === "boolean") {
    input.type = "checkbox";
    input.checked = value;
  } else {
    input.type = "number";
    input.step = number.type === "integer" ? "1" : "any";
    if (number.minimum !== undefined) input.min = number.minimum;
    if (number.maximum !== undefined) input.max = number.maximum;
    input.value = value || "";
  }
  text.textContent = `${name}: ${schema.description}`;
  label.append(input, text);
  return label;
}

async function draw() {
  const [schema, now] = await Promise.all([ask("/api/faults/schema"), ask("/api/faults")]);
  const fields = Object.entries(schema.properties);
  $("fault-fields").replaceChildren(...fields.map(([name, s]) => field(name, s, now[name])));
}

function wanted() {
  const faults = {};
  for (const input of $("fault-fields").querySelectorAll("input")) {
    if (input.type === "checkbox") faults[input.name] = input.checked;
    else if (input.value) faults[input.name] = Number(input.value);
  }
  return faults;
}

async function tell(work, text) {
  try {
    await work;
    await draw();
    $("fault-said").textContent = text;
  } catch (error) {
    $("fault-said").textContent = `Not done: ${error.message}.`;
  }
}

const DEEDS = {
  off: () => tell(ask("/api/faults", {}, "PUT"), "All faults are off."),
  "drop-links": () => tell(ask("/api/faults/drop-links", {}), "All links were cut."),
  malformed: () =>
    tell(ask("/api/faults/malformed", {}), "Every device and CSTA link got malformed messages."),
  restart: () => tell(ask("/api/restart", {}), "The PBX has lost its calls and registrations."),
};

export function buildFaults() {
  $("faults").addEventListener("submit", (event) => {
    event.preventDefault();
    tell(ask("/api/faults", wanted(), "PUT"), "Set.");
  });
  for (const button of document.querySelectorAll("[data-fault]")) {
    button.addEventListener("click", DEEDS[button.dataset.fault]);
  }
  tell(Promise.resolve(), "");
}
