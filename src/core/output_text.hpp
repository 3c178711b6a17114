// What a scaffold prints, as lines for people: without terminal codes, valid UTF-8, short. Pure.
#pragma once

#include "core/line_splitter.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace berth {

/// Without ANSI escape sequences (ECMA-48: CSI, OSC and the two-byte ones), control characters and marks that turn
/// text; of a line that a program has drawn over with carriage returns, what was drawn last. Invalid bytes become
/// U+FFFD. At most `limit` bytes, cut between characters.
std::string plain_line(std::string_view raw, std::size_t limit);

/// The last lines of an output, for the error that a failure is.
class last_lines {
public:
    explicit last_lines(std::size_t count) : count_(count) {}
    void add(std::string line);
    /// Joined by newlines.
    std::string text() const;

private:
    std::size_t count_;
    std::deque<std::string> lines_;
};

} // namespace berth
