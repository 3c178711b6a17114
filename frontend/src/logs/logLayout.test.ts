import { describe, expect, it } from "vitest";
import { rowsOf } from "./cells";
import { everyLine, isShown, LogLayout, type Filter } from "./logLayout";
import { createLogStore } from "./logStore";
import { matcherIn } from "./testing";

const layoutOf = (store: ReturnType<typeof createLogStore>, filter: Partial<Filter> = {}, columns = 10) =>
  new LogLayout(
    store,
    (line, number) => isShown(line, number, { ...everyLine, ...filter }, store),
    (line) => rowsOf(line.plain, columns),
  );

it("counts rows, and knows lines by row and rows by line", () => {
  const store = createLogStore();
  store.append("stdout", `a\n${"b".repeat(25)}\nc\n`);
  const layout = layoutOf(store);
  layout.take(store.end());
  expect(layout.endRow()).toBe(5);
  expect(layout.placed(2, 5)).toEqual([
    { line: 1, firstRow: 1 },
    { line: 2, firstRow: 4 },
  ]);
  expect([0, 1, 2, 3].map((line) => layout.rowOfLine(line))).toEqual([0, 1, 4, null]);
  expect(layout.beside(1, 1)).toBe(2);
  expect(layout.beside(2, 5)).toBe(2);
  expect(layout.beside(0, -3)).toBe(0);
});

describe("a filter", () => {
  const store = createLogStore();
  store.append("stdout", "one\nerror: two\n");
  store.append("stderr", "three\n");
  store.notice("said");
  store.append("stderr", "four one\n");
  const shown = (filter: Partial<Filter>) => {
    const layout = layoutOf(store, filter);
    layout.take(store.end());
    return layout.linesBetween(0, 9);
  };
  const matcher = matcherIn("one");

  it.each<[Partial<Filter>, number[]]>([
    [{}, [0, 1, 2, 3, 4]],
    [{ stream: "stderr" }, [2, 3, 4]],
    [{ stream: "stdout" }, [0, 1, 3]],
    [{ level: "error" }, [1]],
    [{ from: 3 }, [3, 4]],
    [{ matching: "only", matcher }, [0, 4]],
    [{ matching: "but", matcher }, [1, 2]],
    [{ matching: "only", matcher, stream: "stderr" }, [4]],
    [{ matching: "only", matcher: null }, [0, 1, 2, 3, 4]],
  ])("%j", (filter, wanted) => {
    expect(shown(filter)).toEqual(wanted);
  });

  it("of the last start keeps what came since, by time or by place", () => {
    const log = createLogStore();
    log.append("stdout", "old\nnew\n", { at: null, from: 0 });
    log.append("stdout", "seen before\n", { at: 40, from: 8 });
    log.append("stdout", "seen since\n", { at: 60, from: 20 });
    log.started({ at: 50, from: { stdout: 4, stderr: 0 } });
    const layout = layoutOf(log, { sinceStart: true });
    layout.take(log.end());
    expect(layout.linesBetween(0, 9).map((line) => log.at(line)?.plain)).toEqual(["new", "seen since"]);
  });
});

it("keeps its rows' numbers when lines go", () => {
  const store = createLogStore(100);
  const layout = layoutOf(store);
  for (let i = 0; i < 300; i++) {
    store.append("stdout", `${i}\n`);
    layout.take(store.end());
  }
  expect(layout.firstRow()).toBe(store.start());
  expect(layout.endRow()).toBe(300);
  expect(layout.placed(250, 251)).toEqual([{ line: 250, firstRow: 250 }]);
  expect(layout.count()).toBe(300 - store.start());
});
