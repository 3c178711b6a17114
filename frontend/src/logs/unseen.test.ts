import { expect, it } from "vitest";
import { createLogStore } from "./logStore";
import { Unseen } from "./unseen";

it("counts each line once, of those that are shown, and waits at one of which that is not known", () => {
  const store = createLogStore(1_000);
  let known = false;
  let looks = 0;
  const unseen = new Unseen(
    store,
    ({ plain }) => {
      looks += 1;
      return plain === "?" && !known ? undefined : plain !== "hidden";
    },
    0,
  );
  store.append("stdout", "a\nhidden\nb\n");
  expect(unseen.count()).toBe(2);
  store.append("stdout", "?\nc\n");
  expect(unseen.count()).toBe(2);
  known = true;
  expect(unseen.count()).toBe(4);
  expect(looks).toBe(6);
  unseen.seen(store.end());
  expect(unseen.count()).toBe(0);
  store.append("stdout", "d\n".repeat(3_000)); // some are gone before they were counted
  expect(unseen.count()).toBe(store.end() - store.start());
});
