import { aMe, aSnapshot } from "@offhook/sdk/fakes";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";

it("says what to try in the user's language, as far as the phone system offers it", async () => {
  localStorage.setItem("offhook.language", "de");
  const hints = [
    { number: "711", name: "Echo test", about: "Hear yourself", kind: "echo" },
    { number: "799", name: "Robot", about: "Talks back", kind: "robot" },
  ];
  await openPage((world) => {
    const me = aMe({ demo: { hints } });
    world.socket.onConnect = () =>
      world.socket.serve("snapshot", aSnapshot({ me, offers: ["pickup"] }));
  });
  const box = within(await screen.findByRole("region", { name: "Ausprobieren" }));
  expect(box.getByText("Sich selbst hören")).toBeTruthy();
  expect(box.getByText("Talks back")).toBeTruthy(); // of a newer server
  const more = within(box.getByRole("list", { name: "Und danach" }));
  await waitFor(() => expect(more.getAllByRole("listitem")).toHaveLength(1));
  expect(more.getByText(/holen Sie den Anruf hierher/)).toBeTruthy();
});
