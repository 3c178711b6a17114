// Templates, and the folders that are copied from them, as core sees them: spec section 13. Implemented by src/store.
//
// Called on the reactor; the work is done on a pool of its own. A template is never changed: a new one takes the place
// of the old one in one step, and copies that are being made of the old one come to their end.
#pragma once

#include "core/task.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth {

/// The built-in one: what create-next-app makes.
inline constexpr std::string_view next_template = "next";

/// What template.json says.
struct template_facts {
    std::string source;                // as it was given: a URL, a folder; "create-next-app" for the built-in one
    std::int64_t made_at = 0;          // ms since 1970
    std::string node;                  // "v20.9.0"; empty: not known
    std::string package_manager;       // "npm 11.0.0"; empty: nothing was installed
    std::optional<std::string> next;   // the version of Next that is installed
    std::optional<std::string> commit; // of a repository
    std::uint64_t entries = 0;         // files, folders and links in the tree: a copy with fewer is not whole
    std::uint64_t bytes = 0;           // of the tree on the disk, if nothing of it were shared
    bool operator==(const template_facts&) const = default;
};

struct stored_template {
    std::string name;
    template_facts facts;
    bool operator==(const stored_template&) const = default;
};

/// 1 to 64 characters of [a-z0-9._-], the first a letter or digit: it names a folder. Or errc::invalid_request.
result<> check_template_name(std::string_view);

/// Older than 7 days, or made under another major version of Node than `node` ("v22.1.0"; empty: not known).
bool is_stale(const template_facts&, std::int64_t now_ms, std::string_view node);

class template_store {
public:
    virtual ~template_store() = default;

    /// Those that one look shows as whole, by name.
    virtual task<std::vector<stored_template>> list() = 0;
    /// None: there is none, or what is there is none.
    virtual task<std::optional<stored_template>> find(std::string name) = 0;

    // A new one is made in a folder of its own, under an id of new_id(), and is nowhere to be seen before place().

    /// Makes that folder and returns the path of the tree in it, which is not there yet: a scaffold, a clone, or
    /// keep_copy() makes it.
    virtual task<result<std::filesystem::path>> begin(std::string id) = 0;
    /// Fills the tree with a copy of this folder, without .git and .next. A folder that is not Berth's own shares
    /// nothing with it, and its node_modules are left out: they are installed anew.
    virtual task<result<>> keep_copy(std::string id, std::filesystem::path from, bool ours) = 0;
    /// The finished tree becomes the template of this name, whatever was there before; .git and .next of it are gone.
    /// Figures and Next's version in the facts are found here. errc::template_failed: it has no package.json.
    virtual task<result<stored_template>> place(std::string id, std::string name, template_facts) = 0;
    /// What is there of it goes to the trash. After place() there is nothing left to do.
    virtual task<> abandon(std::string id) = 0;
    /// Ids of those that a crash cut short, with the path of the tree.
    virtual task<std::vector<std::pair<std::string, std::filesystem::path>>> unfinished() = 0;

    /// errc::template_not_found when there is none.
    virtual task<result<>> remove(std::string name) = 0;

    // created-apps/<id>, which is not there yet, as a copy. The package is called by the id in package.json and in
    // npm's lock file. On failure the folder may hold a part, which is the caller's to remove.
    // errc::template_not_found: the template is not there, or not whole.

    virtual task<result<>> copy_template(std::string name, std::string id) = 0;
    /// Of an app's or any other folder; without .git and .next. `may_link`: it is Berth's own.
    virtual task<result<>> copy_folder(std::filesystem::path from, bool may_link, std::string id) = 0;

    /// Ends the copy under way for this id, soon: it fails with errc::cancelled.
    virtual void cancel(const std::string& id) = 0;
};

} // namespace berth
