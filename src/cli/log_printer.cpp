#include "cli/log_printer.hpp"

namespace berth::cli {
namespace {

constexpr std::size_t max_line = 64 * 1024;

} // namespace

log_printer::log_printer(options wanted)
    : options_(std::move(wanted)), out_{sanitizer(options_.colours), {}}, error_{sanitizer(options_.colours), {}} {}

/// The line with what stands before it; empty where grep leaves it out.
std::string log_printer::shown(log_side side, std::string line, std::string_view arrived) const {
    if (!options_.grep.empty()) {
        auto plain = options_.colours ? sanitizer(false).feed(line) : line;
        if (plain.find(options_.grep) == plain.npos)
            return {};
    }
    std::string before;
    if (options_.times)
        before += std::string(arrived.empty() ? "-" : arrived) + " ";
    if (!options_.label.empty())
        before += options_.label + " ";
    if (options_.both && options_.terminal)
        before += side == log_side::out ? "out " : "err ";
    if (options_.colours && !before.empty())
        before = "\x1b[2m" + before + "\x1b[0m";
    return before + line;
}

std::string log_printer::print(log_side side, std::string_view text, std::string_view arrived) {
    auto& s = side == log_side::out ? out_ : error_;
    auto clean = s.clean.feed(text);
    if (!options_.whole_lines()) {
        if (!clean.empty())
            at_line_start_ = clean.back() == '\n';
        return clean;
    }
    s.line += clean;
    std::string all;
    std::size_t done = 0;
    for (auto end = s.line.find('\n'); end != s.line.npos; end = s.line.find('\n', done)) {
        all += shown(side, s.line.substr(done, end + 1 - done), arrived);
        done = end + 1;
    }
    s.line.erase(0, done);
    if (s.line.size() > max_line) {
        all += shown(side, s.line + "\n", arrived);
        s.line.clear();
    }
    return all;
}

std::string log_printer::finish() {
    std::string all;
    for (auto side : {log_side::out, log_side::error}) {
        auto& s = side == log_side::out ? out_ : error_;
        auto end = s.clean.finish();
        if (!options_.whole_lines())
            all += end;
        else if (!s.line.empty())
            all += shown(side, s.line + end + "\n", {});
        s.line.clear();
    }
    if (!options_.whole_lines() && options_.terminal && !at_line_start_)
        all += "\n";
    at_line_start_ = true;
    return all;
}

} // namespace berth::cli
