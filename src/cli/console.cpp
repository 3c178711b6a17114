#include "cli/console.hpp"

#include "cli/sanitizer.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace berth::cli {
namespace {

bool is_set(const char* variable) {
    auto* value = std::getenv(variable);
    return value && *value;
}

/// 0 or errno. A descriptor made non-blocking by another program that shares it is waited for.
int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        auto written = ::write(fd, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd ready{fd, POLLOUT, 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

winsize size_of(int fd) {
    winsize size{};
    if (::ioctl(fd, TIOCGWINSZ, &size) != 0)
        size = winsize{};
    return size;
}

} // namespace

terminal look_at_terminal() {
    terminal facts;
    facts.in = ::isatty(STDIN_FILENO) == 1;
    facts.out = ::isatty(STDOUT_FILENO) == 1;
    facts.err = ::isatty(STDERR_FILENO) == 1;
    auto* term = std::getenv("TERM");
    facts.colours = !is_set("NO_COLOR") && !(term && std::string_view(term) == "dumb");
    return facts;
}

console::console(int out, int err, terminal facts, std::function<void(int)> on_end)
    : out_(out), err_(err), terminal_(facts), on_end_(std::move(on_end)) {}

console::~console() { end_progress(); }

std::size_t console::columns() const {
    auto size = size_of(terminal_.out ? out_ : err_);
    return size.ws_col > 0 ? size.ws_col : 80;
}

std::size_t console::lines() const {
    auto size = size_of(out_);
    return size.ws_row > 0 ? size.ws_row : 24;
}

void console::print(std::string_view text) {
    end_progress();
    write_out(text);
}

void console::print_json(std::string_view json) {
    auto line = terminal_.out ? escaped_json(json) : std::string(json);
    if (!line.ends_with('\n'))
        line += '\n';
    print(line);
}

void console::note(std::string_view line) {
    end_progress();
    write_err("berth: " + visible(line) + "\n");
}

int console::fail(const failure& why) {
    end_progress();
    auto quoted = sanitizer(false).feed(why.quoted);
    for (std::size_t at = 0; at < quoted.size();) {
        auto end = std::min(quoted.find('\n', at), quoted.size());
        write_err("  | " + quoted.substr(at, end - at) + "\n");
        at = end + 1;
    }
    note(why.text);
    return why.code;
}

int console::fail_json(const failure& why) {
    end_progress();
    auto document = problem_document(why);
    write_err((terminal_.err ? escaped_json(document) : document) + "\n");
    return why.code;
}

void console::progress(std::string_view given) {
    if (!terminal_.err)
        return;
    auto line = plain_line(given);
    if (line == progress_)
        return;
    progress_ = line;
    write_err("\r\x1b[K" + clipped(line, columns() - 1));
}

void console::end_progress() {
    if (!progress_.empty())
        write_err("\r\x1b[K");
    progress_.clear();
}

void console::redraw(std::string_view rows) {
    end_progress();
    std::string text = drawn_ > 0 ? fmt::format("\x1b[{}A\r\x1b[J", drawn_) : std::string();
    drawn_ = static_cast<std::size_t>(std::count(rows.begin(), rows.end(), '\n'));
    write_out(text.append(rows));
}

void console::write_out(std::string_view text) {
    if (ended_)
        return;
    auto error = write_all(out_, text);
    if (error == 0)
        return;
    ended_ = true;
    if (error != EPIPE)
        note(fmt::format("the output could not be written: {}", std::strerror(error)));
    on_end_(error == EPIPE ? exit_code::done : exit_code::failed);
}

void console::write_err(std::string_view text) { write_all(err_, text); }

} // namespace berth::cli
