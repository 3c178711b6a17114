#include "store/log_reader.hpp"

#include "core/worker.hpp"
#include "store/line_gatherer.hpp"
#include "store/log_file.hpp"
#include "store/log_rotation.hpp"
#include "store/log_tail.hpp"

#include <algorithm>

namespace berth {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t first_block = std::size_t{64} << 10; // some 800 lines: enough for most tails in one read

/// From the end, in growing blocks until one holds enough lines. Each block is taken anew from where the end is then: a
/// file that is truncated meanwhile gives its new end, not a piece of nowhere.
result<log_excerpt> read_tail(const open_log& log, std::size_t lines) {
    for (auto block = first_block;; block = max_tail_bytes) {
        auto now = look_at(log);
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
        : home_(home), workers_(pool.get_executor()), rotation_(std::make_shared<log_rotation>(std::move(root))) {}

    task<result<log_excerpt>> excerpt(std::string id, log_stream stream, log_query query) override {
        auto job = [files = rotation_, id = std::move(id), stream, query = std::move(query)] {
            return files->excerpt(id, stream, query);
        };
        return run_on(workers_, home_, std::move(job));
    }

    task<result<log_piece>> read(std::string id, log_stream stream, std::uint64_t from, std::size_t max) override {
        return read_on(std::move(id), stream, 0, from, max);
    }

    task<result<log_piece>> read_on(std::string id, log_stream stream, std::uint64_t file, std::uint64_t from,
                                    std::size_t max) override {
        auto job = [files = rotation_, id = std::move(id), stream, file, from, max] {
            return files->read(id, stream, file, from, max);
        };
        return run_on(workers_, home_, std::move(job));
    }

    task<result<log_piece>> look(std::string id, log_stream stream) override {
        return read(std::move(id), stream, 0, 0);
    }

    task<result<bool>> rotate(std::string id, log_stream stream, std::uint64_t limit) override {
        auto job = [files = rotation_, id = std::move(id), stream, limit] { return files->rotate(id, stream, limit); };
        return run_on(workers_, home_, std::move(job));
    }
    void stop_rotating() override { rotation_->stop(); }

private:
    asio::any_io_executor home_;
    asio::thread_pool::executor_type workers_;
    std::shared_ptr<log_rotation> rotation_;
};

} // namespace

result<log_excerpt> read_excerpt(const fs::path& root, const std::string& id, log_stream stream, log_query query,
                                 std::uint64_t begin) {
    auto wanted = line_match::make(query.grep, query.regex);
    if (!wanted)
        return wanted.error();
    auto log = open_log_file(root, id, stream);
    if (!log)
        return log.error();
    if (!log->fd)
        return log_excerpt();
    auto lines = std::min(query.lines, max_tail_lines);
    if (!query.after && query.grep.empty() && begin == 0)
        return read_tail(*log, lines);
    auto now = look_at(*log);
    if (!now)
        return now.error();
    auto size = static_cast<std::uint64_t>(now->st_size);
    auto at = std::max(query.after.value_or(0), begin);
    if (at > size)
        at = 0;
    line_gatherer gathered(std::move(*wanted), lines, query.after.has_value(), at, max_tail_bytes);
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
                             std::size_t max, log_part part) {
    auto log = open_log_file(root, id, stream, part);
    if (!log)
        return log.error();
    log_piece piece;
    piece.from = from;
    if (!log->fd)
        return piece;
    auto now = look_at(*log);
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
