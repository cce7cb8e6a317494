import { describe, expect, it } from "vitest";
import { hrefOf, parse, setParams } from "./route.ts";

describe("a place in the portal", () => {
  it("goes into the address and comes back out of it", () => {
    const href = hrefOf("audit", "a/b", { who: "Anna König", since: "", until: null });
    expect(href).toBe("#/audit/a%2Fb?who=Anna+K%C3%B6nig");
    const place = parse(href);
    expect([place.page, place.id, place.params.get("who")]).toEqual(["audit", "a/b", "Anna König"]);
    expect(parse("")).toMatchObject({ page: "", id: "" });
  });

  it("is shown for a link that was cut within an escape, too", () => {
    expect(parse("#/people/%")).toMatchObject({ page: "people", id: "%" });
    expect(parse("#/%E0%A4")).toMatchObject({ page: "%E0%A4", id: "" });
  });

  it("changes one filter and keeps the others, without a step to go back to", () => {
    location.hash = "#/people?state=new&q=an";
    const steps = history.length;
    setParams({ q: "anna", state: "" });
    expect(location.hash).toBe("#/people?q=anna");
    expect(history.length).toBe(steps);
  });
});
