// Following an app's logs without a gap and without a double, across lost connections: what to send, what a message
// means, and where to resume. A state machine without I/O: commands_logs.cpp carries it out.
//
// The server sends bytes from offsets, people ask for lines. So the sizes of the files are learnt first (a follow with
// an empty tail answers with them), then everything from up to 1 MiB before these ends is asked for, kept back until
// the ends are reached, and cut to the last lines. From there on it is passed on as it comes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

enum class log_side { out, error };

struct log_text {
    log_side side;
    std::string text;
    std::string message; // the server's message that it came in
    bool old = false;    // written before the follow began: when, nobody knows
};

class log_follow {
public:
    struct options {
        std::string id;
        std::size_t lines = 200; // of each stream, to begin with
        bool out = true;         // which streams are wanted
        bool error = true;
        // Where to begin, byte offsets, instead of `lines` before the end: what stands before was shown already.
        struct offsets {
            std::uint64_t out = 0, error = 0;
        };
        std::optional<offsets> from = {};
    };
    struct step {
        std::vector<log_text> texts;     // to be shown, in order
        std::optional<std::string> send; // to the server
        bool app_gone = false;           // it was deleted: nothing more comes
    };

    explicit log_follow(options);

    /// What to send on a new connection.
    std::string on_connected();

    /// A message from the server. Those that do not concern this app do nothing.
    step on_message(std::string_view message);

private:
    enum class phase { measuring, catching_up, live };
    struct stream {
        bool wanted = true;
        std::optional<std::uint64_t> end; // of the file when it was measured
        std::uint64_t at = 0;             // the next byte expected
        bool caught_up = false;
        std::vector<log_text> kept;  // while catching up
        bool cut_first_line = false; // the tail begins in the middle of one
    };

    stream& of(log_side side) { return side == log_side::out ? out_ : error_; }
    std::string measure() const;
    std::string resume() const;
    void on_log(log_side, std::uint64_t from, std::uint64_t to, std::string text, std::string_view message, step&);
    void measured(step&);
    void release(stream&, step&);

    options options_;
    phase phase_ = phase::measuring;
    stream out_, error_;
};

/// The last `lines` lines of a text; a last line without an end counts. The value is where they begin.
std::size_t tail_start(std::string_view text, std::size_t lines);

/// How long to wait before the next attempt: 100 ms, doubling to 2 s.
class backoff {
public:
    std::chrono::milliseconds next();
    void reset() { next_ = first; }

private:
    static constexpr std::chrono::milliseconds first{100};
    static constexpr std::chrono::milliseconds last{2000};
    std::chrono::milliseconds next_ = first;
};

} // namespace berth::cli
