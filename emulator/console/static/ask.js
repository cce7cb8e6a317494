/** Ask the PBX: its answer, or an error that says what it said. */
export async function ask(path, body, method = "POST") {
  const options = body === undefined ? {} : {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const reply = await fetch(path, options);
  const data = await reply.json();
  if (!reply.ok) throw new Error(data.detail ?? reply.statusText);
  return data;
}
