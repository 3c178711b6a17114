#include "store/log_arrivals.hpp"

#include <algorithm>

namespace berth {

void log_arrivals::seen(std::uint64_t file, std::uint64_t size, std::int64_t modified_ms, std::int64_t now_ms) {
    bool anew = marks_.empty() || file != file_ || size < marks_.back().size;
    if (anew) {
        marks_ = {{std::min(modified_ms, now_ms), size}};
        file_ = file;
        return;
    }
    if (size == marks_.back().size)
        return;
    if (marks_.size() == most_marks) {
        std::size_t kept = 0;
        for (std::size_t i = 1; i < marks_.size(); i += 2)
            marks_[kept++] = marks_[i];
        marks_.resize(kept);
    }
    marks_.push_back({std::max(now_ms, marks_.back().at), size}); // a clock may be set back
}

std::uint64_t log_arrivals::since(std::int64_t since_ms) const {
    auto later = std::upper_bound(marks_.begin(), marks_.end(), since_ms,
                                  [](std::int64_t wanted, const mark& m) { return wanted < m.at; });
    return later == marks_.begin() ? 0 : std::prev(later)->size;
}

} // namespace berth
