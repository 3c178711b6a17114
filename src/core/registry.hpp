// The manifest in memory, and the one place where what changed is known: the sync and the operations edit it, and
// commit() compares it with what clients were last shown, gives out revisions, and tells the watcher. Slugs follow the
// names, however these changed. Lives on the reactor; does no I/O.
#pragma once

#include "core/manifest.hpp"
#include "core/orchestrator.hpp"
#include "core/view.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace berth {

class registry {
public:
    registry();

    const manifest& value() const { return manifest_; }
    /// None when there is no such app. Valid until the manifest is edited.
    const app* find(const std::string& id) const;

    /// Changes one app; does nothing when it is gone. commit() makes it seen.
    void edit(const std::string& id, const std::function<void(app&)>& change);
    void insert(manifest_entry);
    /// The entry that was erased, to put back when the disk refuses; an empty id when there was none.
    manifest_entry erase(const std::string& id);
    /// At start.
    void load(manifest stored);
    /// What the file holds now, edited by somebody who saw `base`, the manifest as we last wrote or read it. Both
    /// sides' changes since then are kept; of a field that both changed, ours.
    void adopt(manifest theirs, const manifest& base);

    /// An operation is kept, and shown to clients, until a sync that began after its end has judged what came of it
    /// (judged()), so that nobody sees an app at rest in the state from before.
    void begin_operation(const std::string& id, activity);
    void end_operation(const std::string& id);
    void judged(const std::string& id);
    /// Under way; none once it has ended.
    activity operation(const std::string& id) const;
    /// What clients are shown: also the one that has ended and is not judged yet, and a delete that waits for the disk.
    activity shown_operation(const std::string& id) const;
    /// How often an operation began or ended, for any app. What was looked at before `mark` is too old to judge an app
    /// by when touched_since(id, mark).
    std::uint64_t operations_mark() const { return operations_mark_; }
    bool touched_since(const std::string& id, std::uint64_t mark) const;
    /// The apps that pm2 is stopping although no operation of ours is under way.
    void set_stopping_elsewhere(std::set<std::string> ids) { stopping_elsewhere_ = std::move(ids); }

    /// Adds, replaces or (with an empty detail) removes the problem of this code.
    void set_problem(const std::string& code, const std::string& detail);
    std::vector<problem> problems() const;

    void commit();
    std::shared_ptr<const apps_view> view() const { return view_; }
    std::shared_ptr<const app_view> view(const std::string& id) const;
    std::uint64_t revision() const { return revision_; }

    /// Called in commit(), for each app that changed and after the watcher was told, with what it was: null: it is new;
    /// and what it is: null: it is gone.
    void remember(std::function<void(const app_view* before, const app_view* now)> f) { remember_ = std::move(f); }

    /// The same for those within: called in commit(), with what changed.
    void tell(std::function<void(const change&)> f) { tell_ = std::move(f); }

    void watch(berth::watcher* w) { watcher_ = w; }
    berth::watcher* watcher() const { return watcher_; }

private:
    manifest manifest_;
    struct operation_state {
        activity what = activity::none;
        bool ended = false;
        std::uint64_t mark = 0; // at which it began, or ended
    };
    std::map<std::string, operation_state> operations_;
    std::uint64_t operations_mark_ = 0;
    std::set<std::string> stopping_elsewhere_;
    std::map<std::string, std::string> problems_;
    std::map<std::string, std::shared_ptr<const app_view>> shown_;
    std::shared_ptr<const apps_view> view_;
    std::uint64_t revision_ = 0;
    berth::watcher* watcher_ = nullptr;
    std::function<void(const app_view* before, const app_view* now)> remember_;
    std::function<void(const change&)> tell_;
};

} // namespace berth
