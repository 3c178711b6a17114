// The lines of a log that is read forward, block by block: the first ones, or the last. Pure.
#pragma once

#include "core/logs.hpp"
#include "store/line_match.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace berth {

class line_gatherer {
public:
    /// `most` lines, the first ones or the last. from: the offset of the first byte that feed() is given. limit: of all
    /// lines together, bytes. What has no line end within the limit is taken for a line of that length.
    line_gatherer(line_match wanted, std::size_t most, bool first_ones, std::uint64_t from, std::size_t limit)
        : wanted_(std::move(wanted)), most_(most), first_ones_(first_ones), next_(from), limit_(limit) {}

    void feed(std::string_view bytes);
    /// There is nothing more to be had from what follows.
    bool full() const { return full_; }
    /// At the end of the file, or when full. A last line without a line end is given too. An unfinished character stays
    /// before `next`, and so does an unfinished line that does not hold what is looked for yet.
    log_excerpt finish();

private:
    void take(std::string_view line);

    line_match wanted_;
    std::size_t most_;
    bool first_ones_;
    std::uint64_t next_; // all before it was judged
    std::size_t limit_;
    std::string begun_; // a line whose end has not come, from next_ on
    std::deque<std::string> lines_;
    std::size_t bytes_ = 0; // of lines_
    bool full_ = false;
};

} // namespace berth
