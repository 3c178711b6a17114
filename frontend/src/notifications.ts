// Notifications of the system, for who wants them, of what happens while the page is in the background.
import { goToApp } from "@/navigation";
import type { Fleet } from "@/state/fleet";
import { newsOf, type News } from "@/state/news";
import type { ReadableStore } from "@/state/store";
import type { View } from "@/state/view";

export function startNotifications(fleet: ReadableStore<Fleet>, view: ReadableStore<View>): void {
  if (!("Notification" in window)) return;
  let before = fleet.get();
  fleet.subscribe(() => {
    const news = newsOf(before, fleet.get());
    before = fleet.get();
    if (news.length === 0 || !document.hidden || !view.get().notify || Notification.permission !== "granted") return;
    for (const one of news) notify(one, fleet);
  });
}

function notify({ app, title, body }: News, fleet: ReadableStore<Fleet>) {
  try {
    // One that is told of twice replaces the first.
    const shown = new Notification(title, { body, ...(app !== null && { tag: app }) });
    shown.onclick = () => {
      window.focus();
      if (app !== null && app in fleet.get().apps) goToApp(app);
      shown.close();
    };
  } catch {
    // Browsers of telephones allow it to a service worker only.
  }
}
