import { waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";
import { callFrom } from "./callFrom.ts";

it("begins in the browser again for the next user", async () => {
  const { phone, server } = await openPage();
  callFrom("alternative");
  expect(localStorage.getItem("offhook.callFrom")).toBe("alternative");
  await server(() => void phone.signOut());
  await waitFor(() => expect(localStorage.getItem("offhook.callFrom")).toBe("browser"));
});
