// What the environments of all processes say, each read once. Not thread-safe: one job at a time, on the
// worker pool.
//
// An environment is what the program was started with: it can only change by an exec, which also moves the stack. So
// (pid, start, stack) names what was read for ever, also when it was read in the middle of an exec: then it was the
// program before that it is remembered of. A process that clears its environment later keeps what it said at first.
#pragma once

#include "machine/ownership.hpp"
#include "machine/process_view.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace berth {

class mark_reader {
public:
    /// Reads what is new in the view, and where those that are marked work.
    void look(const process_view&, kernel::tables&);

    /// Of the last look. The directory is the app's folder, which may be reached by symbolic links.
    /// `log`: see app_ref.
    std::vector<claim> of_app(const std::string& id, const std::filesystem::path& directory,
                              const std::string& log) const;
    /// What its environment says; nothing of a process that was not in the view.
    marks of(int pid) const;
    std::vector<claim> of_scaffold(const std::filesystem::path& directory) const;

private:
    struct entry {
        std::uint64_t started = 0, stack = 0;
        marks says;
    };
    struct claimant {
        claim its;
        std::string works_in;
        std::string log;
    };
    std::unordered_map<int, entry> known_;
    std::unordered_multimap<std::string, claimant> of_apps_;   // by id
    std::unordered_multimap<std::string, claim> of_scaffolds_; // by directory
};

} // namespace berth
