// The text of one line, row by row. Text is only ever a text node; styles are values (theme.ts), and links lead where
// links.ts says.
import type { ReactNode } from "react";
import { breaksOf } from "./cells";
import type { Link } from "./links";
import { piecesOf, runsOf, type Mark, type Piece } from "./pieces";
import { active, looksOf, marked } from "./theme";

function PieceText({ piece }: { piece: Piece }) {
  const { text, style, mark, link } = piece;
  const looks = {
    ...(style === "" ? undefined : looksOf(style)),
    ...(mark === null ? undefined : mark.active ? active : marked),
  };
  const inner =
    style === "" && mark === null ? (
      text
    ) : (
      <span style={looks} {...(mark?.active === true && { "data-active": "" })}>
        {text}
      </span>
    );
  if (link === null) return inner;
  return (
    <a
      href={link.href}
      rel="noreferrer noopener"
      {...(!link.file && { target: "_blank" })}
      // The many links of a log are no stations on the way through the page.
      tabIndex={-1}
      draggable={false}
      className="underline decoration-dotted underline-offset-2 hover:decoration-solid"
    >
      {inner}
    </a>
  );
}

interface Props {
  text: string;
  plain: string;
  marks: readonly Mark[];
  links: readonly Link[];
  /** Null: it is not broken. */
  columns: number | null;
}

export function LineText({ text, plain, marks, links, columns }: Props): ReactNode {
  const runs = text === plain ? [] : runsOf(text);
  const breaks = columns === null ? [0] : breaksOf(plain, columns);
  const piecesIn = (from: number, to: number) =>
    piecesOf(plain, runs, marks, links, from, to).map((piece, i) => <PieceText key={i} piece={piece} />);
  if (breaks.length === 1) return piecesIn(0, plain.length);
  return breaks.map((from, row) => (
    <span key={from} className="block h-[18px]">
      {piecesIn(from, breaks[row + 1] ?? plain.length)}
    </span>
  ));
}
