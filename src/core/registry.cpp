#include "core/registry.hpp"

#include "core/app_json.hpp"
#include "core/names.hpp"
#include "core/slugs.hpp"

namespace berth {
namespace {

std::shared_ptr<const apps_view> lay_out(std::uint64_t revision,
                                         const std::map<std::string, std::shared_ptr<const app_view>>& shown) {
    auto view = std::make_shared<apps_view>();
    view->revision = revision;
    std::size_t size = 2;
    for (auto& [id, app] : shown) {
        view->apps.push_back(app);
        size += app->json.size() + 1;
    }
    std::stable_sort(view->apps.begin(), view->apps.end(),
                     [](auto& a, auto& b) { return a->app.created_at > b->app.created_at; });
    view->json.reserve(size);
    view->json += '[';
    for (auto& app : view->apps) {
        if (view->json.size() > 1)
            view->json += ',';
        view->json += app->json;
    }
    view->json += ']';
    return view;
}

bool names_differ(const manifest& m) {
    std::set<std::string> keys;
    for (auto& [id, entry] : m.apps)
        if (!keys.insert(ascii_key(entry.app.name)).second)
            return false;
    return true;
}

} // namespace

registry::registry() : view_(lay_out(0, {})) {}

void registry::load(manifest stored) {
    manifest_ = std::move(stored);
    settle_slugs(manifest_);
}

const app* registry::find(const std::string& id) const {
    auto it = manifest_.apps.find(id);
    return it == manifest_.apps.end() ? nullptr : &it->second.app;
}

void registry::edit(const std::string& id, const std::function<void(app&)>& change) {
    auto it = manifest_.apps.find(id);
    if (it == manifest_.apps.end())
        return;
    auto name = it->second.app.name;
    change(it->second.app);
    if (it->second.app.name != name)
        settle_slugs(manifest_);
}

void registry::insert(manifest_entry entry) {
    auto id = entry.app.id;
    manifest_.apps.insert_or_assign(std::move(id), std::move(entry));
    settle_slugs(manifest_);
}

manifest_entry registry::erase(const std::string& id) {
    auto node = manifest_.apps.extract(id);
    return node.empty() ? manifest_entry{} : std::move(node.mapped());
}

void registry::adopt(manifest theirs, const manifest& base) {
    std::erase_if(theirs.apps,
                  [&](auto& item) { return base.apps.contains(item.first) && !manifest_.apps.contains(item.first); });
    std::map<std::string, std::string> names;
    for (auto& [id, entry] : theirs.apps)
        names.emplace(id, entry.app.name);
    for (auto& [id, entry] : manifest_.apps) {
        auto old = base.apps.find(id);
        auto edited = theirs.apps.find(id);
        if (old == base.apps.end()) {
            theirs.apps.emplace(id, entry); // made since
            continue;
        }
        if (edited == theirs.apps.end())
            continue; // they removed it
        app merged = entry.app;
        each_static_field([&](auto field) {
            if (entry.app.*field == old->second.app.*field)
                merged.*field = edited->second.app.*field;
        });
        if (entry.app.wanted == old->second.app.wanted)
            merged.wanted = edited->second.app.wanted;
        edited->second.app = std::move(merged);
    }
    // Two that were renamed at the same time, one here and one in the file, may have got the same name, and the next
    // start could not read that: the file's names stand, which differ.
    if (!names_differ(theirs))
        for (auto& [id, name] : names)
            theirs.apps.at(id).app.name = name;
    manifest_ = std::move(theirs);
    settle_slugs(manifest_);
}

void registry::begin_operation(const std::string& id, activity what) {
    operations_[id] = {what, false, ++operations_mark_};
}

void registry::end_operation(const std::string& id) {
    auto it = operations_.find(id);
    if (it == operations_.end())
        return;
    it->second.ended = true;
    it->second.mark = ++operations_mark_;
}

void registry::judged(const std::string& id) {
    if (auto it = operations_.find(id); it != operations_.end() && it->second.ended)
        operations_.erase(it);
}

activity registry::operation(const std::string& id) const {
    auto it = operations_.find(id);
    return it == operations_.end() || it->second.ended ? activity::none : it->second.what;
}

activity registry::shown_operation(const std::string& id) const {
    if (auto it = operations_.find(id); it != operations_.end())
        return it->second.what;
    auto known = find(id);
    if (known && known->deleting != removal::none)
        return activity::deleting;
    return stopping_elsewhere_.contains(id) ? activity::stopping : activity::none;
}

bool registry::touched_since(const std::string& id, std::uint64_t mark) const {
    auto it = operations_.find(id);
    return it != operations_.end() && it->second.mark > mark;
}

void registry::set_problem(const std::string& code, const std::string& detail) {
    auto before = problems_;
    if (detail.empty())
        problems_.erase(code);
    else
        problems_[code] = detail;
    if (problems_ == before)
        return;
    view_ = lay_out(++revision_, shown_); // the snapshot that tells of it is newer than what clients have
    if (watcher_)
        watcher_->on_problems();
}

std::vector<problem> registry::problems() const {
    std::vector<problem> all;
    for (auto& [code, detail] : problems_)
        all.push_back({code, detail});
    return all;
}

void registry::commit() {
    std::erase_if(operations_, [&](auto& item) { return item.second.ended && !manifest_.apps.contains(item.first); });
    change changed;
    using view_pointer = std::shared_ptr<const app_view>;
    std::vector<std::pair<view_pointer, view_pointer>> steps; // from, to
    for (auto it = shown_.begin(); it != shown_.end();) {
        if (manifest_.apps.contains(it->first)) {
            ++it;
            continue;
        }
        changed.removed.emplace_back(++revision_, it->first);
        steps.emplace_back(it->second, nullptr);
        it = shown_.erase(it);
    }
    for (auto& [id, entry] : manifest_.apps) {
        auto what = shown_operation(id);
        bool ours = operations_.contains(id);
        auto& slot = shown_[id];
        if (slot && slot->app == entry.app && slot->operation == what && slot->ours == ours)
            continue;
        auto view = std::make_shared<app_view>();
        view->app = entry.app;
        view->operation = what;
        view->ours = ours;
        view->revision = ++revision_;
        view->json = dump(to_json(entry.app, what));
        steps.emplace_back(slot, view);
        slot = std::move(view);
        changed.apps.push_back(slot);
    }
    if (changed.apps.empty() && changed.removed.empty())
        return;
    view_ = lay_out(revision_, shown_);
    if (watcher_)
        watcher_->on_change(changed);
    if (tell_)
        tell_(changed);
    if (remember_)
        for (auto& [before, now] : steps)
            remember_(before.get(), now.get());
}

std::shared_ptr<const app_view> registry::view(const std::string& id) const {
    auto it = shown_.find(id);
    return it == shown_.end() ? nullptr : it->second;
}

} // namespace berth
