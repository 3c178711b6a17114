#include "machine/voices.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace berth {
namespace {

/// For tests: nobody waits for 4 MiB.
std::uintmax_t most_bytes() {
    constexpr std::uintmax_t usual = 4 << 20;
    auto* given = std::getenv("BERTH_SERVER_LOG_LIMIT");
    return given ? static_cast<std::uintmax_t>(std::max(1LL, std::atoll(given))) : usual;
}

} // namespace

voices::voices()
    : file_(std::make_shared<server_log>(std::vector{STDERR_FILENO, STDOUT_FILENO}, most_bytes())),
      out_(std::make_shared<background_writer>(STDOUT_FILENO)),
      log_(std::make_shared<background_writer>(STDERR_FILENO, background_writer::usual_limit,
                                               [file = file_](std::size_t bytes) { file->make_room(bytes); })) {}

voices::~voices() { log_->flush(); }

void voices::tell(std::string_view line) { out_->write(line); }

int voices::fail(const error& why) {
    auto line = fmt::format("berth: {}\n", why.detail);
    log_->write(line);
    if (starter_)
        starter_->write(line);
    return 1;
}

void voices::go_into(const std::filesystem::path& path) {
    log_->flush();
    int heard = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (auto opened = file_->open(path); opened.has_error()) {
        ::close(heard);
        spdlog::warn("there is no server log: {}", opened.error().detail);
        return;
    }
    starter_ = std::make_shared<background_writer>(heard);
    out_ = log_; // one writes into the file, so that none does while it is moved
}

} // namespace berth
