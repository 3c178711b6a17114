import { Dialog } from "@/components/ui/Dialog";
import { Kbd } from "@/components/ui/Kbd";
import { sections, shownKeys } from "@/keymap";
import { view } from "@/services";

export function HelpDialog() {
  return (
    <Dialog title="Keyboard" onClose={() => view.update((v) => ({ ...v, dialog: null }))} testId="help-dialog">
      <div tabIndex={0} role="region" aria-label="Shortcuts" className="overflow-y-auto px-5 pt-2 pb-5">
        {sections.map(([title, keys]) => (
          <section key={title} className="mt-3 first:mt-0">
            <h3 className="mb-1 text-xs font-medium text-ink-3">{title}</h3>
            <dl>
              {Object.entries(keys).map(([name, key]) => (
                <div key={name} className="flex items-center justify-between border-b border-line py-1.5 last:border-0">
                  <dt>{key.does}</dt>
                  <dd className="flex gap-1.5">
                    {shownKeys(key).map((one) => (
                      <Kbd key={one}>{one}</Kbd>
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
