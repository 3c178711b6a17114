// Runs regular expressions beside the page, so that one without an end holds up nothing: see regexRunner.ts.
import { matched, type Batch, type Told } from "./regexBatch";

const tell = (told: Told, transfer: Transferable[] = []) => postMessage(told, { transfer });

addEventListener("message", ({ data }: MessageEvent<Batch>) => {
  tell("begun");
  const flat = matched(data);
  tell(flat, [flat.buffer]);
});
