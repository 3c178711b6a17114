import { expect, it } from "vitest";
import { levelOf, type Level } from "./levels";

it.each<[string, Level | null]>([
  ["ERROR something broke", "error"],
  ["2026-01-31T14:30:00Z ERROR [db] lost", "error"],
  ["[error] no such file", "error"],
  ["error: no such file", "error"],
  ["  TypeError: x is not a function", "error"],
  ["Uncaught RangeError [ERR_OUT_OF_RANGE]: too far", "error"],
  ["java.lang.IllegalStateException: no", null],
  [" ⨯ ./src/app/page.tsx:70:18", "error"],
  [" ⚠ Port 3000 is in use", "warn"],
  ["npm ERR! code 1", "error"],
  ["npm warn deprecated thing", null],
  ["(node:1) Warning: old", null],
  ["warning: unused", "warn"],
  ["[14:30:00] WARN: slow", "warn"],
  ["INFO server is up", "info"],
  ["debug: x", "debug"],
  ['{"level":"warn","msg":"slow"}', "warn"],
  ['{"time":1,"level":50,"msg":"broke"}', "error"],
  [`{"msg":"${"x".repeat(200)}","severity":"ERROR"}`, "error"],
  ['{"level":30}', "info"],
  ["ts=1 level=debug msg=hi", "debug"],
  ["GET /error 200 in 5ms", null],
  ["found 0 errors", null],
  ["compiled with warnings", null],
  ["an information: desk", null],
  ["", null],
])("%j is %s", (line, level) => {
  expect(levelOf(line)).toBe(level);
});
