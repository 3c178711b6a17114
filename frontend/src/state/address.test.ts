import { describe, expect, it } from "vitest";
import { readAddress, saysHow, writeAddress, type Addressed } from "./address";
import { initialView } from "./view";

const read = (address: string): Addressed => {
  const { pathname, search } = new URL(address, "http://localhost");
  return readAddress(pathname, search);
};

describe("an address", () => {
  it.each([
    "/",
    "/?q=otter",
    "/?status=errored",
    "/?status=broken&category=demos&sort=memory",
    "/?status=asleep",
    "/?category=", // those without one
    "/?sort=memory.up",
    "/?sort=createdAt",
    "/?sort=trouble.down",
    "/?group=none&view=gallery",
    "/?logs=k3v9q0x1ab",
    "/apps/k3v9q0x1ab",
    "/apps/k3v9q0x1ab/logs",
    "/apps/k3v9q0x1ab/logs?line=stdout:1024",
    "/apps/k3v9q0x1ab/activity",
    "/activity",
    "/templates",
    "/logs",
    "/logs?app=a&app=b",
    "/apps",
    "/apps/a/b/c",
    "/apps/a/other",
    "/activity/more",
  ])("%s is written as it was read", (address) => {
    expect(writeAddress(read(address))).toBe(address);
  });

  it.each([
    ["/?status=fine&sort=beauty&view=x", "/"],
    ["/?sort=memory.down", "/?sort=memory"],
    ["/?sort=trouble", "/"],
    ["/apps/a/", "/apps/a"],
    ["/apps/a/overview", "/apps/a"],
    ["/logs?app=a&app=a", "/logs?app=a"],
    ["/apps/%E0%A4%A", "/apps/%25E0%25A4%25A"],
    ["/activity?q=otter&logs=a", "/activity"],
    ["/apps/a?line=stdout:1", "/apps/a"],
  ])("%s means %s", (address, same) => {
    expect(writeAddress(read(address))).toBe(same);
  });

  it("holds whatever people write", () => {
    const view: Addressed = { ...initialView, search: "a&b=c d+e#f", category: "50 % off/é" };
    expect(read(writeAddress(view))).toMatchObject({ search: view.search, category: view.category });
    expect(read(writeAddress({ ...initialView, place: { page: "app", id: "a/b", tab: "logs" } })).place).toEqual({
      page: "app",
      id: "a/b",
      tab: "logs",
    });
  });

  it("of the list says how it is to be, or leaves that to what was chosen last", () => {
    expect(saysHow("?sort=name")).toBe(true);
    expect(saysHow("?logs=a")).toBe(false);
    expect(saysHow("")).toBe(false);
  });
});
