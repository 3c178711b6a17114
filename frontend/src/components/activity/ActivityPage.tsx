// What happened, to all apps and to Berth itself.
import { PageScroll } from "@/components/PageScroll";
import { PageTitle } from "@/components/shell/PageTitle";
import { ActivityList } from "./ActivityList";

export function ActivityPage() {
  return (
    <PageScroll>
      <div className="mx-auto flex max-w-4xl flex-col gap-4 p-4" data-testid="activity-page">
        <PageTitle>Activity</PageTitle>
        <ActivityList app={null} />
      </div>
    </PageScroll>
  );
}
