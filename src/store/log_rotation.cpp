#include "store/log_rotation.hpp"

#include "core/clock.hpp"
#include "core/uninterrupted.hpp"
#include "store/file_system.hpp"
#include "store/log_file.hpp"
#include "store/log_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <limits>

namespace berth {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t copy_block = std::size_t{1} << 20;
constexpr std::uint64_t longest_line = 64 << 10; // bytes
constexpr auto archive_patience = 2s;      // with who reads the last archive
constexpr std::uint64_t most_patience = 4; // times the limit

bool write_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        auto n = uninterrupted([&] { return ::write(to, bytes.data(), bytes.size()); });
        if (n < 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool collapse([[maybe_unused]] int file, [[maybe_unused]] std::uint64_t bytes) {
#ifdef FALLOC_FL_COLLAPSE_RANGE
    return bytes > 0 && ::fallocate(file, FALLOC_FL_COLLAPSE_RANGE, 0, static_cast<off_t>(bytes)) == 0;
#else
    return false;
#endif
}

/// Where the line begins that the offset is in; the offset itself where that is too far back.
std::uint64_t line_begin(const open_log& log, std::uint64_t at) {
    auto from = at - std::min<std::uint64_t>(at, longest_line);
    auto before = read_at(log, from, static_cast<std::size_t>(at - from));
    auto newline = before ? before->rfind('\n') : std::string::npos;
    if (newline != std::string::npos)
        return from + newline + 1;
    return from == 0 ? 0 : at;
}

/// An unfinished archive; it goes when it was not put in its place.
struct fresh_archive {
    fs::path path;
    unique_fd fd;
    ~fresh_archive() { ::unlink(path.c_str()); }
};

} // namespace

std::uint64_t whole_blocks(std::uint64_t size, std::uint64_t block, const std::function<char(std::uint64_t)>& byte_at) {
    if (size == 0 || block == 0)
        return 0;
    auto most = (size - 1) / block * block;
    for (std::uint64_t back = 0; back < 16 && back * block < most; ++back)
        if ((byte_at(most - back * block) & 0xC0) != 0x80)
            return most - back * block;
    return most;
}

std::uint64_t log_rotation::known_as(const key& which, std::uint64_t base) const {
    auto found = last_.find(which);
    if (found == last_.end() || found->second.base != base)
        return base;
    auto mixed = base ^ (found->second.count * 0xbf58476d1ce4e5b9u); // any odd factor: counts are small numbers
    return mixed ? mixed : 1;
}

bool log_rotation::archive_is_read(const key& which) const {
    std::shared_lock lock(mutex_);
    std::lock_guard wanted(last_mutex_);
    auto found = last_.find(which);
    return found != last_.end() && clock::now() - found->second.archive_wanted < archive_patience;
}

log_arrivals log_rotation::note_arrivals(const key& which, const struct stat& file) {
    std::lock_guard lock(arrivals_mutex_);
    auto& known = arrivals_[which];
    known.seen(identity(file), static_cast<std::uint64_t>(file.st_size), modified_ms(file), wall_ms());
    return known;
}

result<log_excerpt> log_rotation::excerpt(const std::string& id, log_stream stream, log_query query) {
    std::shared_lock lock(mutex_);
    std::uint64_t begin = 0;
    if (query.since) {
        auto log = open_log_file(root_, id, stream);
        if (!log)
            return log.error();
        if (!log->fd)
            return log_excerpt();
        auto now = look_at(*log);
        if (!now)
            return now.error();
        begin = line_begin(*log, note_arrivals({id, stream}, *now).since(*query.since));
    }
    return read_excerpt(root_, id, stream, std::move(query), begin);
}

result<log_piece> log_rotation::read(const std::string& id, log_stream stream, std::uint64_t file, std::uint64_t from,
                                     std::size_t max) {
    std::shared_lock lock(mutex_);
    key which(id, stream);
    auto found = last_.find(which);
    auto rotated = file != 0 && found != last_.end() && file == found->second.before;
    if (rotated && from < found->second.moved) {
        auto archived = read_piece(root_, id, stream, from, max, log_part::archive);
        if (archived && archived->size == found->second.moved) {
            archived->file = file;
            std::lock_guard wanted(last_mutex_);
            found->second.archive_wanted = clock::now();
            return archived;
        }
        rotated = false; // the archive has gone: begin with what there is
    }
    auto piece = read_piece(root_, id, stream, rotated ? from - found->second.moved : from, max);
    if (piece && piece->file != 0)
        piece->file = known_as(which, piece->file);
    return piece;
}

result<bool> log_rotation::rotate(const std::string& id, log_stream stream, std::uint64_t limit) {
    key which(id, stream);
    auto log = open_log_file(root_, id, stream);
    if (!log)
        return log.error();
    if (!log->fd || stopped_)
        return false;
    auto now = look_at(*log);
    if (!now)
        return now.error();
    note_arrivals(which, *now);
    auto size = static_cast<std::uint64_t>(now->st_size);
    if (size < limit || (archive_is_read(which) && size < most_patience * limit))
        return false;

    fresh_archive fresh{log->path, {}};
    fresh.path += std::string(archive_suffix) + ".new";
    fresh.fd = unique_fd(uninterrupted([&] {
        return ::open(fresh.path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, now->st_mode & 0777);
    }));
    unique_fd writable(uninterrupted([&] { return ::open(log->path.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC); }));
    if (!fresh.fd || !writable)
        return storage_error("open", fresh.fd ? log->path : fresh.path, last_error());
    struct stat same;
    if (::fstat(writable.get(), &same) < 0 || identity(same) != identity(*now))
        return false; // somebody was here first
    auto byte_at = [&](std::uint64_t at) {
        auto byte = read_at(*log, at, 1);
        return byte && !byte->empty() ? byte->front() : ' ';
    };
    auto wanted = whole_blocks(size, static_cast<std::uint64_t>(now->st_blksize), byte_at);
    std::uint64_t copied = 0;
    auto copy = [&](std::uint64_t until) -> result<> {
        while (copied < until) {
            if (stopped_)
                return error{errc::shutting_down, "Berth is ending."};
            auto bytes =
                read_at(*log, copied, static_cast<std::size_t>(std::min<std::uint64_t>(copy_block, until - copied)));
            if (!bytes)
                return bytes.error();
            if (bytes->empty())
                break;
            if (!write_all(fresh.fd.get(), *bytes))
                return storage_error("write", fresh.path, last_error());
            copied += bytes->size();
        }
        return {};
    };
    if (auto done = copy(wanted); !done)
        return done.error();
    if (copied < wanted)
        return false; // somebody has emptied it meanwhile

    auto archive = log->path;
    archive += archive_suffix;
    std::unique_lock alone(mutex_);
    if (::rename(fresh.path.c_str(), archive.c_str()) < 0)
        return storage_error("rename", fresh.path, last_error());
    if (!collapse(writable.get(), wanted)) {
        if (auto done = copy(std::numeric_limits<std::uint64_t>::max()); !done)
            return done.error();
        if (::ftruncate(writable.get(), 0) < 0)
            return storage_error("empty", log->path, last_error());
    }
    auto base = identity(*now);
    auto before = known_as(which, base);
    auto& last = last_[which];
    last = {base, last.base == base ? last.count + 1 : 1, before, copied, {}};
    return true;
}

} // namespace berth
