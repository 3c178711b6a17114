// The branch and the commit of a folder, read from its .git as git would, without starting git: 20 apps are looked at
// every few seconds, and a git process for each would cost a hundred times as much.
//
// Understood are a .git folder and a .git file (worktrees, with their `commondir`, and submodules), a HEAD that is
// symbolic or detached, loose refs and packed-refs. A repository with reftable is none here: its HEAD says nothing, and
// its tables are not for reading by hand. HEAD is read each time, not its time of change: two checkouts within one tick
// of the file system's clock look alike.
//
// What lies in .git is anybody's: every read is bounded, of regular files alone, and a ref is a name that git itself
// would allow, so that none leads out of the repository.
//
// Blocks: worker threads only, one call at a time.
#pragma once

#include "core/git.hpp"
#include "store/file_system.hpp"

#include <map>

namespace berth {

class git_heads {
public:
    std::optional<git_head> read(const git_place&);

private:
    std::optional<std::string> resolve(const std::filesystem::path& git, const std::filesystem::path& common,
                                       std::string& ref);
    std::optional<std::string> packed(const std::filesystem::path& common, const std::string& ref);

    /// Of a packed-refs file as it was: it may hold 100,000 lines, and is read again only when it has changed.
    struct packed_answer {
        file_facts file;
        std::string ref;
        std::optional<std::string> commit;
    };
    std::map<std::filesystem::path, packed_answer> packed_;
};

/// On the pool. `home` is the reactor.
std::unique_ptr<git_reader> create_git_reader(asio::any_io_executor home, asio::any_io_executor pool);

} // namespace berth
