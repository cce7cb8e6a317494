import { Recorder } from "@offhook/sdk";
import { aMe, aSnapshot } from "@offhook/sdk/fakes";
import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";
import { recorderOf } from "./recorder.ts";

it("shows whom to ask and everything that would be given to them, without numbers at first", async () => {
  location.hash = "#/settings";
  const tenant = { ...aMe().tenant, support_email: "help@example.test" };
  const sent: unknown[] = [];
  const { user, phone, update } = await openPage((world) => {
    world.routes["POST /diagnostics"] = (body) => {
      sent.push(body);
      const kept_until = "2026-12-22T10:00:00Z";
      return { status: 201, body: { id: "d-1", reference: "0A1B2C3D", redacted: 0, kept_until } };
    };
    world.socket.onConnect = () =>
      world.socket.serve("snapshot", aSnapshot({ me: aMe({ tenant }) }));
  });
  act(() => recorderOf.set(new Recorder(phone)));
  await update({ phase: "ringing_out" });
  expect(await screen.findByRole("link", { name: "help@example.test" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Show diagnostics" }));
  const content = await screen.findByLabelText("What is in it");
  await waitFor(() => expect(content.textContent).toContain('"link": "online"'));
  expect(content.textContent).not.toContain("Berta");
  expect(content.textContent).not.toContain("access");
  await user.click(screen.getByLabelText("With names and numbers of my calls"));
  await waitFor(() => expect(content.textContent).toContain("Berta Schulz"));
  // What has names in it is for the user's own hands.
  expect(screen.queryByRole("button", { name: "Send to my administrators" })).toBeNull();
  expect(screen.getByText(/can only be saved/)).toBeTruthy();
  await user.click(screen.getByLabelText("With names and numbers of my calls"));
  await waitFor(() => expect(content.textContent).not.toContain("Berta"));
  await user.type(screen.getByLabelText(/What went wrong/), "no sound");
  await user.click(screen.getByRole("button", { name: "Send to my administrators" }));
  expect(await screen.findByText(/Its reference is 0A1B2C3D/)).toBeTruthy();
  expect(sent).toEqual([
    { source: "webapp", note: "no sound", bundle: JSON.parse(content.textContent) as unknown },
  ]);
});
