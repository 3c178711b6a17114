#include "store/activity_file.hpp"

#include "core/app_json.hpp"
#include "core/names.hpp"
#include "core/unique_fd.hpp"
#include "core/worker.hpp"
#include "store/durable_write.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <simdjson.h>
#include <spdlog/spdlog.h>

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace berth {
namespace {

namespace fs = std::filesystem;

// Of the file, read from its end: twice what is kept, at the longest that a line gets.
constexpr std::size_t most_read = std::size_t{16} << 20;
constexpr std::size_t longest_line = 8'192;

std::optional<activity_entry> parse_line(simdjson::dom::parser& parser, std::string_view line) {
    simdjson::dom::element value;
    if (line.size() > longest_line || parser.parse(line.data(), line.size()).get(value))
        return {};
    activity_entry e;
    std::string_view kind, text, word;
    if (value["id"].get(e.id) || value["at"].get(e.at) || value["kind"].get(kind) || value["text"].get(text))
        return {};
    auto known = parse_happening(kind);
    // Far from the end of what an id can be: counting goes on from the last one.
    if (!known || e.id == 0 || e.id > last_activity_id / 2 ||
        text.size() > 3 * longest_activity) // U+FFFD for each byte
        return {};
    e.kind = *known;
    e.text = text;
    if (!value["app"].get(word)) {
        if (!is_id(word))
            return {};
        e.app = word;
    }
    if (!value["name"].get(word))
        e.name = word;
    return e;
}

/// What the job touches; owned by it while it runs.
class journal_of_events {
public:
    explicit journal_of_events(fs::path path) : path_(std::move(path)) {}

    std::vector<activity_entry> load() {
        remove_unfinished();
        auto text = read_end();
        return parse_activity(text);
    }

    /// Whole lines. Empty: done; else why not, and then none of them is in the file.
    std::string append(const std::string& lines, std::size_t count) {
        unique_fd out(::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644));
        struct ::stat s {};
        if (!out || ::fstat(out.get(), &s) != 0)
            return reason();
        if (!S_ISREG(s.st_mode))
            return "it is no regular file";
        char last = '\n';
        if (s.st_size > 0 && ::pread(out.get(), &last, 1, s.st_size - 1) != 1)
            return reason();
        auto text = last == '\n' ? lines : '\n' + lines; // behind what a crash has torn
        std::string_view rest = text;
        while (!rest.empty()) {
            auto n = ::write(out.get(), rest.data(), rest.size());
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0) {
                auto why = reason();
                (void)!::ftruncate(out.get(), s.st_size); // else the next append begins a line of its own
                return why;
            }
            rest.remove_prefix(static_cast<std::size_t>(n));
        }
        if (!counted_)
            count_lines();
        else
            lines_ += count;
        bool long_enough = lines_ >= 2 * most_activity || static_cast<std::size_t>(s.st_size) > most_read;
        return long_enough ? shorten() : std::string();
    }

private:
    static std::string reason() { return last_error().message(); }

    void remove_unfinished() { ::unlink(staged_file::temporary(path_).c_str()); }

    void count_lines() {
        auto text = read_end();
        lines_ = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
        counted_ = true;
    }

    /// From the first whole line of the last most_read bytes on; empty where it cannot be read.
    std::string read_end() const {
        unique_fd in(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        struct ::stat s {};
        if (!in || ::fstat(in.get(), &s) != 0 || !S_ISREG(s.st_mode))
            return {};
        auto size = static_cast<std::size_t>(s.st_size);
        auto from = size > most_read ? size - most_read : 0;
        std::string text(size - from, '\0');
        std::size_t got = 0;
        while (got < text.size()) {
            auto n = ::pread(in.get(), text.data() + got, text.size() - got, static_cast<off_t>(from + got));
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                break;
            got += static_cast<std::size_t>(n);
        }
        text.resize(got);
        if (from > 0)
            text.erase(0, text.find('\n') == text.npos ? text.size() : text.find('\n') + 1);
        return text;
    }

    /// To the last lines that are kept. That it was not done is no loss: the next append tries again.
    std::string shorten() {
        auto text = read_end();
        std::size_t begin = text.size();
        for (std::size_t kept = 0; begin > 0 && kept <= most_activity; ++kept)
            begin = text.rfind('\n', begin - 1) == text.npos ? 0 : text.rfind('\n', begin - 1);
        auto keep = std::string_view(text).substr(begin == 0 ? 0 : begin + 1);
        auto files = create_file_system();
        auto written = durable_write(*files, path_, keep);
        if (written)
            lines_ = static_cast<std::size_t>(std::count(keep.begin(), keep.end(), '\n'));
        else
            spdlog::debug("{} was not shortened: {}", path_.native(), written.error().detail);
        return {};
    }

    fs::path path_;
    std::size_t lines_ = 0;
    bool counted_ = false;
};

class activity_file final : public activity_store {
public:
    activity_file(asio::any_io_executor home, asio::any_io_executor pool, fs::path path)
        : state_(std::make_shared<state>(std::move(home), std::move(pool), std::move(path))) {}

    task<std::vector<activity_entry>> load() override {
        auto job = [f = state_->disk] { return f->load(); };
        auto found = co_await run_on(state_->pool, state_->home, std::move(job));
        co_return found;
    }

    void append(const activity_entry& e) override {
        auto& s = *state_;
        s.queue.push_back(dump(to_json(e)) + "\n");
        if (s.queue.size() > most_activity)
            s.queue.pop_front();
        if (!std::exchange(s.busy, true))
            asio::co_spawn(s.home, write(state_), rethrow);
    }

    task<> close() override {
        auto s = state_;
        if (!s->busy && !s->queue.empty()) { // what was refused before, once more
            s->busy = true;
            co_await write(s);
        }
        while (s->busy)
            co_await s->idle.async_wait(as_result);
    }

private:
    /// Shared with the coroutine: it outlives this object where the disk hangs.
    struct state {
        state(asio::any_io_executor h, asio::any_io_executor p, fs::path path)
            : home(h), pool(std::move(p)), disk(std::make_shared<journal_of_events>(path)), name(path.native()),
              idle(h, std::chrono::steady_clock::time_point::max()) {}

        asio::any_io_executor home, pool;
        std::shared_ptr<journal_of_events> disk;
        std::string name;
        std::deque<std::string> queue; // lines that are not in the file yet
        bool busy = false;
        bool failing = false; // said once
        asio::steady_timer idle;
    };

    static task<> write(std::shared_ptr<state> s) {
        while (!s->queue.empty()) {
            auto batch = std::exchange(s->queue, {});
            auto count = batch.size();
            std::string lines;
            for (auto& line : batch)
                lines += line;
            auto job = [f = s->disk, lines = std::move(lines), count] { return f->append(lines, count); };
            auto why = co_await run_on(s->pool, s->home, std::move(job));
            if (why.empty()) {
                s->failing = false;
                continue;
            }
            if (!std::exchange(s->failing, true))
                spdlog::warn("What happens is kept in memory alone: {} could not be written: {}", s->name, why);
            for (auto it = batch.rbegin(); it != batch.rend() && s->queue.size() < most_activity; ++it)
                s->queue.push_front(std::move(*it));
            break;
        }
        s->busy = false;
        s->idle.cancel();
    }

    std::shared_ptr<state> state_;
};

} // namespace

std::vector<activity_entry> parse_activity(std::string_view text) {
    simdjson::dom::parser parser;
    std::vector<activity_entry> all;
    while (!text.empty()) {
        auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (auto e = parse_line(parser, line))
            all.push_back(std::move(*e));
    }
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.id < b.id; });
    auto same = std::unique(all.begin(), all.end(), [](auto& a, auto& b) { return a.id == b.id; });
    all.erase(same, all.end());
    if (all.size() > most_activity)
        all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(most_activity));
    return all;
}

std::unique_ptr<activity_store> create_activity_file(asio::any_io_executor home, asio::any_io_executor pool,
                                                     fs::path path) {
    return std::make_unique<activity_file>(std::move(home), std::move(pool), std::move(path));
}

} // namespace berth
