// .berth/templates/ on the disk: <name>/{template.json,tree/}, and what is not a template yet or no longer one, whose
// names begin with a dot.
//
//   .making-<id>/   one that is being made, and becomes <name> by one rename
//   .old-<n>/       one whose place another took, or that was removed, while copies are still made from it; the last
//                   of them moves it to the trash
//
// What a crash leaves begins with a dot, so a start can tell it, and a template is there whole or not at all. What was
// removed by hand shows when a copy has fewer files than template.json says; looking at all of them before would cost
// as much as the copy.
//
// Any thread; blocks. Calls for different templates, and copies from one, may overlap.
#pragma once

#include "core/templates.hpp"
#include "core/unique_fd.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace berth {

class template_shelf {
public:
    /// `sweep` has the trash emptied in the background.
    template_shelf(std::filesystem::path root, std::function<void()> sweep);
    template_shelf(const template_shelf&) = delete;

    std::vector<stored_template> list() const;
    std::optional<stored_template> find(const std::string& name) const;

    /// A template's tree, which stays on the disk as long as this does.
    struct opened {
        unique_fd tree;
        template_facts facts;
        std::shared_ptr<void> lease;
    };
    /// errc::template_not_found.
    result<opened> open(const std::string& name);

    std::filesystem::path tree_of(const std::string& id) const { return folder_ / (".making-" + id) / "tree"; }
    result<> begin(const std::string& id);
    /// See template_store::place.
    result<stored_template> place(const std::string& id, const std::string& name, template_facts);
    void abandon(const std::string& id);
    /// Ids of what begins with .making-; what begins with .old- goes to the trash.
    std::vector<std::string> unfinished();
    result<> remove(const std::string& name);

private:
    struct lease;
    struct trash_can;
    result<> set_aside(const std::string& name);

    std::filesystem::path root_, folder_;
    std::shared_ptr<trash_can> trash_;
    std::mutex lock_; // of the leases, and of what takes a name or lets it go
    std::map<std::string, std::weak_ptr<lease>> leases_;
    int aside_ = 0; // names of .old- given out
};

} // namespace berth
