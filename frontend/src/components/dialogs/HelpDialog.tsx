import { Dialog } from "@/components/ui/Dialog";
import { Kbd } from "@/components/ui/Kbd";
import { view } from "@/services";

const sections: [string, [string[], string][]][] = [
  [
    "Everywhere",
    [
      [["/"], "Search"],
      [["c"], "Create an app"],
      [["Ctrl K", "⌘ K"], "Command palette"],
      [["?"], "This help"],
      [["Esc"], "Close what is open, then clear the selection"],
    ],
  ],
  [
    "In the list",
    [
      [["j", "↓"], "Next app"],
      [["k", "↑"], "Previous app"],
      [["Enter", "o"], "Open in a new tab"],
      [["l"], "Logs"],
      [["r"], "Restart, start or recover"],
      [["s"], "Stop"],
      [["x", "Del"], "Delete"],
      [["Space"], "Select"],
      [["a"], "Select all that are shown"],
      [["→", "←"], "Show or hide details"],
    ],
  ],
  [
    "In the logs",
    [
      [["f"], "Search in the log"],
      [["p"], "Pause or follow"],
    ],
  ],
];

export function HelpDialog() {
  return (
    <Dialog title="Keyboard" onClose={() => view.update((v) => ({ ...v, dialog: null }))} testId="help-dialog">
      <div tabIndex={0} role="region" aria-label="Shortcuts" className="overflow-y-auto px-5 pt-2 pb-5">
        {sections.map(([title, keys]) => (
          <section key={title} className="mt-3 first:mt-0">
            <h3 className="mb-1 text-xs font-medium text-ink-3">{title}</h3>
            <dl>
              {keys.map(([combos, what]) => (
                <div key={what} className="flex items-center justify-between border-b border-line py-1.5 last:border-0">
                  <dt>{what}</dt>
                  <dd className="flex gap-1.5">
                    {combos.map((combo) => (
                      <Kbd key={combo}>{combo}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
