import { expect, it, vi } from "vitest";
import { AutoAnswer } from "./autoAnswer.ts";

function rig(may = true) {
  const timers: { ms: number; work: () => void; cancelled: boolean }[] = [];
  const answer = vi.fn(() => Promise.resolve());
  const auto = new AutoAnswer({
    now: () => 1000,
    later: (ms, work) => {
      const timer = { ms, work, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    mayAnswer: () => may,
    answer,
  });
  return { auto, timers, answer };
}

it("rings first, then answers once", () => {
  const { auto, timers, answer } = rig();
  auto.offered("c1", 3000);
  auto.offered("c1", 3000);
  expect(timers.map((timer) => timer.ms)).toEqual([3000]);
  expect(answer).not.toHaveBeenCalled();
  timers[0]?.work();
  expect(answer).toHaveBeenCalledExactlyOnceWith("c1");
});

it("leaves a call alone that was not meant for it, has stopped, or may not be taken", () => {
  const { auto, timers, answer } = rig(false);
  auto.offered("c0", null);
  expect(timers).toEqual([]);
  auto.offered("c1", 3000);
  auto.cancel("c1");
  expect(timers[0]?.cancelled).toBe(true);
  auto.offered("c2", 3000);
  timers[1]?.work();
  expect(answer).not.toHaveBeenCalled();
});

it("says when it will answer, until somebody decides otherwise", () => {
  const { auto } = rig();
  auto.offered("c1", 3000);
  expect(auto.due.get()).toEqual({ c1: 4000 });
  auto.cancel("c1");
  expect(auto.due.get()).toEqual({});
});
