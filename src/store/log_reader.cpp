#include "store/log_reader.hpp"

#include "core/names.hpp"
#include "core/uninterrupted.hpp"
#include "core/worker.hpp"
#include "store/file_system.hpp"
#include "store/line_gatherer.hpp"
#include "store/log_tail.hpp"
#include "store/root_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace berth {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t first_block = std::size_t{64} << 10; // some 800 lines: enough for most tails in one read

struct open_log {
    unique_fd fd; // none: there is no such file
    fs::path path;
};

result<open_log> open(const fs::path& root, const std::string& id, log_stream stream) {
    if (!is_id(id))
        return error{errc::app_not_found, "No app has the id \"" + to_utf8(id) + "\"."};
    auto name = "orch-" + id + (stream == log_stream::error ? "-error.log" : "-out.log");
    open_log log{{}, root / "logs" / name};
    auto folder = open_folder(AT_FDCWD, (root / "logs").c_str());
    if (!folder) {
        if (errno == ENOENT)
            return log;
        return storage_error("open", root / "logs", last_error());
    }
    log.fd = unique_fd(uninterrupted(
        [&] { return ::openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); }));
    if (!log.fd && errno == ELOOP)
        return error{errc::storage_failed, log.path.native() + " is a symbolic link; Berth does not follow it."};
    if (!log.fd && errno != ENOENT)
        return storage_error("open", log.path, last_error());
    return log;
}

/// Never 0: that stands for "no file".
std::uint64_t identity(const struct stat& s) {
    // An odd factor (2^64 / golden ratio) spreads the device over all bits; inode and device alone are small numbers.
    auto mixed = static_cast<std::uint64_t>(s.st_ino) ^ (static_cast<std::uint64_t>(s.st_dev) * 0x9e3779b97f4a7c15u);
    return mixed ? mixed : 1;
}

result<struct stat> look(const open_log& log) {
    struct stat s;
    if (::fstat(log.fd.get(), &s) < 0)
        return storage_error("look at", log.path, last_error());
    if (!S_ISREG(s.st_mode))
        return error{errc::storage_failed, log.path.native() + " is not a regular file; Berth does not read it."};
    return s;
}

/// Up to max bytes from an offset; fewer at the end of the file, wherever that is by now.
result<std::string> read_at(const open_log& log, std::uint64_t from, std::size_t max) {
    std::string bytes(max, '\0');
    std::size_t filled = 0;
    while (filled < max) {
        auto n = uninterrupted([&] {
            return ::pread(log.fd.get(), bytes.data() + filled, max - filled, static_cast<off_t>(from + filled));
        });
        if (n < 0)
            return storage_error("read", log.path, last_error());
        if (n == 0)
            break;
        filled += static_cast<std::size_t>(n);
    }
    bytes.resize(filled);
    return bytes;
}

/// From the end, in growing blocks until one holds enough lines. Each block is taken anew from where the end is then: a
/// file that is truncated meanwhile gives its new end, not a piece of nowhere.
result<log_excerpt> read_tail(const open_log& log, std::size_t lines) {
    for (auto block = first_block;; block = max_tail_bytes) {
        auto now = look(log);
        if (!now)
            return now.error();
        auto size = static_cast<std::uint64_t>(now->st_size);
        auto from = size > block ? size - block : 0;
        auto text = read_at(log, from, static_cast<std::size_t>(size - from));
        if (!text)
            return text.error();
        text->resize(text->size() - unfinished_character(*text));
        auto next = from + text->size();
        auto begin = last_lines(*text, lines);
        bool whole = from == 0 || begin > 0;
        if (!whole && block < max_tail_bytes)
            continue;
        text->erase(0, begin);
        if (!whole)
            mend_front(*text);
        return log_excerpt{std::move(*text), next};
    }
}

class log_reader final : public log_files {
public:
    log_reader(asio::any_io_executor home, asio::thread_pool& pool, fs::path root)
        : home_(home), workers_(pool.get_executor()), root_(std::move(root)) {}

    task<result<log_excerpt>> excerpt(std::string id, log_stream stream, log_query query) override {
        auto job = [root = root_, id = std::move(id), stream, query = std::move(query)] {
            return read_excerpt(root, id, stream, query);
        };
        return run_on(workers_, home_, std::move(job));
    }

    task<result<log_piece>> read(std::string id, log_stream stream, std::uint64_t from, std::size_t max) override {
        auto job = [root = root_, id = std::move(id), stream, from, max] {
            return read_piece(root, id, stream, from, max);
        };
        return run_on(workers_, home_, std::move(job));
    }

    task<result<log_piece>> look(std::string id, log_stream stream) override {
        return read(std::move(id), stream, 0, 0);
    }

private:
    asio::any_io_executor home_;
    asio::thread_pool::executor_type workers_;
    fs::path root_;
};

} // namespace

result<log_excerpt> read_excerpt(const fs::path& root, const std::string& id, log_stream stream, log_query query) {
    auto log = open(root, id, stream);
    if (!log)
        return log.error();
    if (!log->fd)
        return log_excerpt();
    query.lines = std::min(query.lines, max_tail_lines);
    if (!query.after && query.grep.empty())
        return read_tail(*log, query.lines);
    auto now = look(*log);
    if (!now)
        return now.error();
    auto size = static_cast<std::uint64_t>(now->st_size);
    auto at = query.after.value_or(0);
    if (at > size)
        at = 0;
    line_gatherer gathered(std::move(query), at, max_tail_bytes);
    while (at < size && !gathered.full()) {
        auto count = std::min<std::uint64_t>(max_read_bytes, size - at);
        auto block = read_at(*log, at, static_cast<std::size_t>(count));
        if (!block)
            return block.error();
        if (block->empty()) // truncated meanwhile
            break;
        gathered.feed(*block);
        at += block->size();
    }
    return gathered.finish();
}

result<log_piece> read_piece(const fs::path& root, const std::string& id, log_stream stream, std::uint64_t from,
                             std::size_t max) {
    auto log = open(root, id, stream);
    if (!log)
        return log.error();
    log_piece piece;
    piece.from = from;
    if (!log->fd)
        return piece;
    auto now = look(*log);
    if (!now)
        return now.error();
    piece.file = identity(*now);
    piece.size = static_cast<std::uint64_t>(now->st_size);
    if (from >= piece.size)
        return piece;
    // Not beyond the size just seen: `size` is then true of the bytes too.
    auto count = std::min<std::uint64_t>({max, max_read_bytes, piece.size - from});
    auto bytes = read_at(*log, from, static_cast<std::size_t>(count));
    if (!bytes)
        return bytes.error();
    piece.bytes = std::move(*bytes);
    return piece;
}

std::unique_ptr<log_files> create_log_files(asio::any_io_executor home, asio::thread_pool& pool, const fs::path& root) {
    return std::make_unique<log_reader>(home, pool, root);
}

} // namespace berth
