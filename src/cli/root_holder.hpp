// The server that has a root, as the process it is, so that a signal for it reaches nobody else.
//
// What the lock file says is only where to look: after a crash the pid in it may be anybody's. The process is held
// first (a pidfd, which is never another's), and then must have that very file open while the file is locked; whoever
// else has it open is another server, which finds it locked and ends. Where the system has no pidfds (before Linux 5.3,
// in some containers, on macOS) a pid would have to be given to another between the look and the signal.
#pragma once

#include "cli/failure.hpp"
#include "core/unique_fd.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace berth::cli {

class root_holder {
public:
    /// None: nobody has the root. Fails when somebody has it of whom this cannot be told, another user for example.
    static outcome<std::optional<root_holder>> of(const std::filesystem::path& root);

    int pid() const { return pid_; }
    /// Where it answers; empty: not yet.
    const std::string& url() const { return url_; }

    /// SIGTERM. It may have ended by then.
    outcome<> ask_to_end() const;
    bool has_ended() const;

private:
    int pid_ = 0;
    std::string url_;
    std::uint64_t started_ = 0; // of the process, in the kernel's ticks; 0 where that cannot be known
    unique_fd handle_;          // none where the system has no pidfds
};

} // namespace berth::cli
