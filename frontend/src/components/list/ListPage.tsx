// The apps: as rows, as cards on a narrow screen, or as a gallery.
import { Gallery } from "@/components/lazy";
import { PageScroll } from "@/components/PageScroll";
import { BulkBar } from "@/components/shell/BulkBar";
import { EmptyState, NoMatches } from "@/components/shell/EmptyState";
import { PageTitle } from "@/components/shell/PageTitle";
import { Toolbar } from "@/components/shell/Toolbar";
import { Totals } from "@/components/shell/Totals";
import { useMediaQuery, wide } from "@/hooks/useMediaQuery";
import { useStore } from "@/hooks/useStore";
import { fleet, view } from "@/services";
import { AppCards } from "./AppCard";
import { AppTable } from "./AppTable";
import { useGroups } from "./useGroups";

function List() {
  const groups = useGroups();
  const isWide = useMediaQuery(wide);
  const gallery = useStore(view, (v) => v.gallery);
  const empty = useStore(fleet, (state) => state.order.length === 0 && state.operations.length === 0);
  if (empty) return <EmptyState />;
  return (
    <>
      <PageTitle className="sr-only">Apps</PageTitle>
      <Toolbar />
      {groups.length === 0 && <NoMatches />}
      {groups.length > 0 && gallery && <Gallery groups={groups} />}
      {groups.length > 0 && !gallery && (isWide ? <AppTable groups={groups} /> : <AppCards groups={groups} />)}
    </>
  );
}

export function ListPage() {
  return (
    <>
      {/* A row that gets the focus keeps clear of the table's head and of the bar for the selection. */}
      <PageScroll className="scroll-pb-16 wide:scroll-pt-8" data-testid="list-scroll">
        <div className="border-b border-line bg-surface px-4 py-2 totals:hidden">
          <Totals />
        </div>
        <List />
        <div className="h-16" />
      </PageScroll>
      <BulkBar />
    </>
  );
}
