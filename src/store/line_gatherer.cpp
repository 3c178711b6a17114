#include "store/line_gatherer.hpp"

#include "store/log_tail.hpp"

namespace berth {

void line_gatherer::feed(std::string_view bytes) {
    while (!bytes.empty() && !full_) {
        auto newline = bytes.find('\n');
        auto piece =
            bytes.substr(0, newline == bytes.npos ? bytes.npos : newline + 1).substr(0, limit_ - begun_.size());
        bytes.remove_prefix(piece.size());
        bool ends = piece.ends_with('\n') || begun_.size() + piece.size() == limit_;
        if (ends && begun_.empty()) {
            take(piece); // the usual case: no copy
            continue;
        }
        begun_ += piece;
        if (ends)
            take(std::exchange(begun_, {}));
    }
}

void line_gatherer::take(std::string_view line) {
    bool wanted = wanted_(line);
    if (wanted && first_ones_ && (lines_.size() == most_ || bytes_ + line.size() > limit_)) {
        full_ = true;
        return;
    }
    next_ += line.size();
    if (!wanted)
        return;
    lines_.emplace_back(line);
    bytes_ += line.size();
    while (lines_.size() > most_ || bytes_ > limit_) {
        bytes_ -= lines_.front().size();
        lines_.pop_front();
    }
}

log_excerpt line_gatherer::finish() {
    begun_.resize(begun_.size() - unfinished_character(begun_));
    if (!full_ && !begun_.empty() && wanted_(begun_))
        take(begun_);
    log_excerpt found;
    found.next = next_;
    found.bytes.reserve(bytes_);
    for (auto& line : lines_)
        found.bytes += line;
    return found;
}

} // namespace berth
