// The log of a server in the background: a file that its own server bounds. Beyond the limit it is moved to ".1" beside
// it (one is kept), and begun anew.
//
// stdout and stderr of the process become the file, and not a descriptor of its own beside them: what the C library, a
// sanitizer or a crash says lies there too.
#pragma once

#include "core/task.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <vector>

namespace berth {

class server_log {
public:
    /// `descriptors`: what is to lead to the file. `limit`: bytes.
    server_log(std::vector<int> descriptors, std::uintmax_t limit);

    /// From now on the descriptors lead to the file, which is made for its owner if need be. Fails, with all as it was,
    /// when it cannot be opened.
    result<> open(const std::filesystem::path&);

    /// Called before `bytes` more are written, by whoever writes. Nothing before open(). Blocks as the disk does. Where
    /// the file cannot be moved it is emptied: the bound holds.
    void make_room(std::size_t bytes);

private:
    bool lead_to(const std::filesystem::path&);

    const std::vector<int> descriptors_;
    const std::uintmax_t limit_;
    std::mutex mutex_;
    std::filesystem::path file_; // empty: not open
};

} // namespace berth
