// What a server says, to whoever started it or into a log of its own (server_log.hpp). Neither is ever waited for.
#pragma once

#include "core/task.hpp"
#include "machine/background_writer.hpp"
#include "machine/server_log.hpp"

#include <filesystem>
#include <memory>

namespace berth {

class voices {
public:
    voices();
    /// Waits as long as somebody reads. The logger, which is spdlog's, keeps the writer.
    ~voices();
    voices(const voices&) = delete;

    /// What is told: one line on stdout.
    void tell(std::string_view line);
    /// Why it cannot start, for main to return: the exit code.
    int fail(const error&);

    /// From now on all of it goes into this file; whoever started it hears of a failed start all the same. Where the
    /// file cannot be written, a warning says so, and nothing else changes.
    void go_into(const std::filesystem::path&);

    /// For the logger.
    std::shared_ptr<background_writer> log() const { return log_; }

private:
    std::shared_ptr<server_log> file_;
    std::shared_ptr<background_writer> out_, log_;
    std::shared_ptr<background_writer> starter_; // once all else goes into the file
};

} // namespace berth
