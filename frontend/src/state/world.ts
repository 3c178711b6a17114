// The browser's side of the connection: a real socket, real frames, real time.
import type { Socket, World } from "./connection";

/** For a tab that is hidden before the frame comes: it gets none. */
const latestFrameMs = 250;

/** A hidden tab's timers wait for up to a minute, and who waits for news of a crash would too; messages do not wait. */
function soon(task: () => void) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    task();
  };
  port2.postMessage(null);
}

export const browserWorld: World = {
  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return new WebSocket(`${scheme}://${location.host}/api/events`) as unknown as Socket;
  },
  now: () => Date.now(),
  frame(task) {
    if (document.hidden) {
      soon(task);
      return;
    }
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
