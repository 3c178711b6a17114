// Runs a regular expression over texts in a worker, one batch at a time. A worker that is not done by a deadline is
// ended; the next batch gets a new one.
import { browserWorld } from "@/state/world";
import { unpacked, type Batch, type Told } from "./regexBatch";

/** "slow": it was not done by the deadline; "failed": there is no worker to be had. */
export type Trouble = "slow" | "failed";
/** Each text's matches, place and length in turn. */
export type Answer = readonly Uint16Array[] | Trouble;

/** For a batch, from the moment it was begun: what is usual takes a few ms. */
const deadlineMs = 2_000;
/** Until a new worker begins. */
const startMs = 20_000;

/** What is used of a Worker. */
export interface RegexWorker {
  onmessage: ((event: { data: Told }) => void) | null;
  onerror: (() => void) | null;
  postMessage(batch: Batch): void;
  terminate(): void;
}

export interface Means {
  open(): RegexWorker;
  after: (ms: number, task: () => void) => () => void;
}

const browserMeans: Means = {
  open: () => new Worker(new URL("./regexWorker.ts", import.meta.url), { type: "module" }) as RegexWorker,
  after: browserWorld.after,
};

export class RegexRunner {
  private worker: RegexWorker | null = null;
  private running = false;
  private cancel = () => {};

  constructor(private readonly means: Means = browserMeans) {}

  /** What runs is ended first, and its answer never comes. */
  run(expression: string, texts: readonly string[], give: (answer: Answer) => void): void {
    this.stop();
    const { after } = this.means;
    const worker = (this.worker ??= this.means.open());
    const done = (answer: Answer) => {
      this.cancel();
      this.running = false;
      if (typeof answer === "string") this.end();
      give(answer);
    };
    this.running = true;
    this.cancel = after(startMs, () => done("failed"));
    worker.onerror = () => done("failed");
    worker.onmessage = ({ data }) => {
      if (data !== "begun") {
        done(unpacked(data, texts.length));
        return;
      }
      this.cancel();
      this.cancel = after(deadlineMs, () => done("slow"));
    };
    worker.postMessage({ expression, texts });
  }

  /** Ends what runs. */
  stop(): void {
    if (this.running) this.end();
  }

  /** Lets go of the worker. */
  end(): void {
    this.cancel();
    this.running = false;
    if (this.worker === null) return;
    this.worker.onmessage = this.worker.onerror = null;
    this.worker.terminate();
    this.worker = null;
  }
}
