// When what stands in a log file came, as far as that was seen: lines carry no time of their own. Pure.
#pragma once

#include <cstdint>
#include <vector>

namespace berth {

/// Of one file. A text counts as come at the latest moment that it can have: when it was first seen, or, of what stood
/// there before anybody looked, when the file was last written.
class log_arrivals {
public:
    static constexpr std::size_t most_marks = 1024; // beyond it every second one is given up

    /// At now_ms the file had `size` bytes and was last written at modified_ms; all ms since 1970. `file` is its
    /// identity: another file, or one that has shrunk, is begun anew.
    void seen(std::uint64_t file, std::uint64_t size, std::int64_t modified_ms, std::int64_t now_ms);

    /// Where the text that came after since_ms begins, or may begin: what stands before the offset is older.
    std::uint64_t since(std::int64_t since_ms) const;

private:
    struct mark {
        std::int64_t at;
        std::uint64_t size; // what stands before it had come by then
    };
    std::uint64_t file_ = 0;
    std::vector<mark> marks_; // both rise
};

} // namespace berth
