// One line of the log as it is drawn: what is known of it at the left, its text, and its JSON where that is folded open.
import { ChevronDown, ChevronRight } from "lucide-react";
import type { Editor } from "@/state/view";
import { memo, useMemo } from "react";
import { foldOf } from "./json";
import type { Level } from "./levels";
import { LineText } from "./lineText";
import { linksIn } from "./links";
import type { ShownLine } from "./modelState";
import { colourOfSource } from "./theme";
import { clockTime } from "./times";

export const rowHeight = 18;
/** At the left of a line's text, pixels: its marks and the handle of its JSON. */
export const gutter = 24;

/** What all lines of a view have in common. */
export interface Look {
  /** Cells of a line's text; null: it is not broken. */
  columns: number | null;
  /** When lines came; "short": without milliseconds. */
  times: "full" | "short" | null;
  /** Pixels of the column for times. */
  timeWidth: number;
  /** Of the apps whose lines are mixed here; null where it is one app. */
  names: readonly string[] | null;
  nameWidth: number;
  /** Where each app's relative paths begin. */
  folders: readonly (string | null)[];
  editor: Editor;
}

const levelBars: Record<Level, string> = {
  error: "shadow-[inset_3px_0_var(--c-errored-dot)]",
  warn: "shadow-[inset_3px_0_var(--c-launching-dot)]",
  info: "shadow-[inset_3px_0_var(--c-accent)]",
  debug: "shadow-[inset_3px_0_var(--c-stopped-dot)]",
};
const levelTones: Record<Level, string> = {
  error: "bg-errored-soft/60",
  warn: "bg-launching-soft/60",
  info: "",
  debug: "",
};

interface Props {
  shown: ShownLine;
  look: Look;
  chosen: boolean;
  onFold: (number: number) => void;
}

function Row({ shown, look, chosen, onFold }: Props) {
  const { number, line, row, rows, marks, fold } = shown;
  const { columns, names, editor } = look;
  const said = line.stream === "notice";
  const folder = look.folders[line.source] ?? null;
  const links = useMemo(() => (said ? [] : linksIn(line.plain, folder, editor)), [said, line, folder, editor]);
  const folds = useMemo(() => !said && foldOf(line.plain) !== null, [said, line]);
  const tone = line.level === null ? "" : `${levelTones[line.level]} ${levelBars[line.level]}`;
  // Few elements: a fast scroll makes and drops thousands a second. Broken, a line has a size that depends on nothing.
  const place = columns === null ? "min-w-max" : "[contain:strict]";
  return (
    <div className={`absolute inset-x-0 ${place}`} style={{ top: row * rowHeight, height: rows * rowHeight }}>
      {line.begins !== null && (
        <div className="flex h-[18px] items-center gap-2 pl-3 font-sans text-[11px] text-ink-2 select-none">
          <span>
            {names === null ? "" : `${names[line.source] ?? ""}: `}started {clockTime(line.begins, "day")}
          </span>
          <span aria-hidden className="h-px w-40 bg-line-strong" />
        </div>
      )}
      <div
        className={`relative flex border-l-[3px] pl-[21px] ${line.stream === "stderr" ? "border-errored-dot" : "border-transparent"} ${tone} ${
          chosen ? "outline -outline-offset-1 outline-accent-text" : ""
        }`}
      >
        {folds && (
          <button
            type="button"
            tabIndex={-1}
            aria-label="JSON"
            aria-expanded={fold !== null}
            className="absolute top-0 left-[4px] flex size-[17px] items-center justify-center rounded text-ink-3 select-none hover:bg-hover hover:text-ink"
            onClick={() => onFold(number)}
          >
            {fold === null ? <ChevronRight size={13} /> : <ChevronDown size={13} />}
          </button>
        )}
        {line.stream === "stderr" && <span className="sr-only select-none">stderr: </span>}
        {look.times !== null && (
          <span className="shrink-0 text-ink-3 select-none" style={{ width: look.timeWidth }}>
            {line.at === null ? "" : clockTime(line.at, look.times)}
          </span>
        )}
        {names !== null && (
          <span
            className="shrink-0 truncate pr-[1ch] font-medium select-none"
            style={{ width: look.nameWidth, color: colourOfSource(line.source) }}
          >
            <bdi>{names[line.source]}</bdi>
          </span>
        )}
        <div
          data-line={number}
          className={`min-h-[18px] min-w-0 grow whitespace-pre [direction:ltr] [tab-size:8] [unicode-bidi:isolate] ${
            said
              ? "text-ink-3 italic select-none"
              : line.level === "debug" && line.text === line.plain
                ? "text-ink-3"
                : ""
          }`}
        >
          <LineText text={line.text} plain={line.plain} marks={marks} links={links} columns={columns} />
        </div>
      </div>
      {fold !== null && (
        <div
          className="whitespace-pre text-ink-2"
          style={{ marginLeft: gutter + (look.times === null ? 0 : look.timeWidth) + look.nameWidth }}
          data-fold={number}
        >
          {fold.split("\n").map((text, i) => (
            <div key={i} className="min-h-[18px]">
              <LineText text={text} plain={text} marks={[]} links={[]} columns={columns} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

function sameMarks(a: ShownLine["marks"], b: ShownLine["marks"]): boolean {
  return (
    a.length === b.length &&
    a.every((mark, i) => {
      const other = b[i];
      return (
        other !== undefined && mark.at === other.at && mark.length === other.length && mark.active === other.active
      );
    })
  );
}

export const LogRow = memo(Row, (a, b) => {
  const [one, other] = [a.shown, b.shown];
  return (
    a.look === b.look &&
    a.chosen === b.chosen &&
    a.onFold === b.onFold &&
    one.line === other.line &&
    one.number === other.number &&
    one.row === other.row &&
    one.rows === other.rows &&
    one.fold === other.fold &&
    sameMarks(one.marks, other.marks)
  );
});
