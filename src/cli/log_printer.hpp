// Log text as it is shown: harmless (sanitizer), and, where both streams are shown, in whole lines, for half a line of
// one must not be continued by the other. Pure.
#pragma once

#include "cli/log_follow.hpp"
#include "cli/sanitizer.hpp"

#include <string>
#include <string_view>

namespace berth::cli {

class log_printer {
public:
    struct options {
        bool both = true; // both streams are shown
        bool terminal =
            false; // whole lines at the end, and, with both, a dim word before each line that says its stream
        bool colours = false;
        std::string label; // before each line, where several apps are shown; harmless
        std::string grep;  // only lines that hold this text (without its colours)
        bool times = false;

        /// Whether lines are waited for, rather than shown as they are written.
        bool whole_lines() const { return both || !label.empty() || !grep.empty() || times; }
    };

    explicit log_printer(options);

    /// What to write now. With whole_lines() the end of a line is waited for; a line over 64 KiB is cut into lines of
    /// that size. `arrived` is the time of the day to show, as long as those that it takes turns with; it may be empty.
    std::string print(log_side, std::string_view text, std::string_view arrived = {});

    /// What is left.
    std::string finish();

private:
    struct stream {
        sanitizer clean;
        std::string line; // not yet ended
    };
    std::string shown(log_side, std::string line, std::string_view arrived) const;

    options options_;
    stream out_, error_;
    bool at_line_start_ = true;
};

} // namespace berth::cli
