#include "cli/log_printer.hpp"

namespace berth::cli {
namespace {

constexpr std::size_t max_line = 64 * 1024;

} // namespace

log_printer::log_printer(options wanted)
    : options_(wanted), out_{sanitizer(wanted.colours), {}}, error_{sanitizer(wanted.colours), {}} {}

std::string log_printer::prefix(log_side side) const {
    if (!options_.terminal)
        return {};
    std::string word = side == log_side::out ? "out " : "err ";
    return options_.colours ? "\x1b[2m" + word + "\x1b[0m" : word;
}

std::string log_printer::print(log_side side, std::string_view text) {
    auto& s = side == log_side::out ? out_ : error_;
    auto clean = s.clean.feed(text);
    if (!options_.both) {
        if (!clean.empty())
            at_line_start_ = clean.back() == '\n';
        return clean;
    }
    s.line += clean;
    std::string shown;
    std::size_t done = 0;
    for (auto end = s.line.find('\n'); end != s.line.npos; end = s.line.find('\n', done)) {
        shown += prefix(side) + s.line.substr(done, end + 1 - done);
        done = end + 1;
    }
    s.line.erase(0, done);
    if (s.line.size() > max_line) {
        shown += prefix(side) + s.line + "\n";
        s.line.clear();
    }
    return shown;
}

std::string log_printer::finish() {
    std::string shown;
    for (auto side : {log_side::out, log_side::error}) {
        auto& s = side == log_side::out ? out_ : error_;
        auto end = s.clean.finish();
        if (!options_.both)
            shown += end;
        else if (!s.line.empty())
            shown += prefix(side) + s.line + end + "\n";
        s.line.clear();
    }
    if (!options_.both && options_.terminal && !at_line_start_)
        shown += "\n";
    at_line_start_ = true;
    return shown;
}

} // namespace berth::cli
