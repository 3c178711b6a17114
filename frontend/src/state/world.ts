// The browser's side of the connection: a real socket, real frames, real time.
import type { Socket, World } from "./connection";

/** A hidden tab gets no frames; without this the queue would grow there until somebody looks. */
const latestFrameMs = 250;

export const browserWorld: World = {
  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return new WebSocket(`${scheme}://${location.host}/api/events`) as unknown as Socket;
  },
  now: () => Date.now(),
  frame(task) {
    const run = () => {
      cancelAnimationFrame(frame);
      window.clearTimeout(timer);
      task();
    };
    const frame = requestAnimationFrame(run);
    const timer = window.setTimeout(run, latestFrameMs);
  },
  after(ms, task) {
    const timer = window.setTimeout(task, ms);
    return () => window.clearTimeout(timer);
  },
};
