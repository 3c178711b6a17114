// Follows one log file for one client, without doing any of the reading: says what to read next, is handed what was
// read, and says what to send. Pure; the clock is handed in too.
//
// The promise (spec section 8): offsets count bytes of the file; a client that comes back with its last `to` gets every
// byte once, in order. Text never ends within a UTF-8 character: an unfinished one at the end of the file stays behind
// until the rest of it is written, or for one second; then it is sent as U+FFFD.
//
// A file that Berth rotated is read to its end, then goes on, after a reset, where the new one begins; or further on,
// as part of what was sent may have stayed in the file.
//
// A file of another identity, or one shorter than what was sent, begins again at 0, after a reset. What was written to
// a file between the last look and its renaming by somebody else is lost to followers: it can no longer be opened by
// its name. A file truncated and grown beyond the old offset between two looks cannot be told from one that only grew.
#pragma once

#include "core/logs.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace berth::net {

/// Bytes that begin with these are whole characters or never will be: less an unfinished character at the end.
std::size_t whole_characters(std::string_view) noexcept;

class follower {
public:
    using clock = std::chrono::steady_clock;

    static constexpr std::size_t piece = 64 * 1024; // bytes read at once: a fraction of a millisecond on the reactor
    static constexpr std::chrono::milliseconds patience{1'000}; // with an unfinished character

    /// Begins at `from`, or else tail_bytes before the end, at the start of a line if there is one.
    follower(std::optional<std::uint64_t> from, std::uint64_t tail_bytes);

    /// What to read next (log_files::read_on). max 0: only look at the file.
    struct range {
        std::uint64_t from = 0;
        std::size_t max = 0;
        std::uint64_t file = 0;
    };
    range next() const;

    /// A message to send: a reset, or the text of the bytes from..to.
    struct output {
        bool reset = false;
        std::uint64_t from = 0, to = 0;
        std::string text; // valid UTF-8
    };
    /// Takes what reading next() gave.
    std::vector<output> take(const log_piece&, clock::time_point now);

    /// After take(): there is more to read at once.
    bool more() const { return more_; }
    /// Whether the file, as a look found it, has something to take.
    bool behind(const log_piece& look, clock::time_point now) const;

private:
    void locate(const log_piece&);
    void skip_to_line(const log_piece&);
    void begin_again(const log_piece&, std::vector<output>&);
    void go_on_in(const log_piece&, std::vector<output>&);
    void advance(std::string_view bytes, std::uint64_t size, clock::time_point now, std::vector<output>&);
    bool was_replaced(const log_piece&) const;
    bool was_rotated(const log_piece&) const;

    enum class state { locating, trimming, following };
    state state_;
    std::uint64_t tail_bytes_;
    std::uint64_t offset_ = 0; // everything before it was sent
    std::uint64_t file_ = 0;   // 0: none seen yet
    std::uint64_t held_ = 0;   // bytes of an unfinished character, from offset_ to the end of the file
    clock::time_point held_since_{};
    bool announced_ = false; // a first message was sent
    bool more_ = true;
};

} // namespace berth::net
