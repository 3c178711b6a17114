// Why a command did not do what it was asked for, and the exit code that says so. A value, like core's error; it
// differs because it also speaks of what never reaches a server: usage, and no server at all.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <string>

namespace berth::cli {

// Plain ints in a namespace, for they are given to the system as such.
namespace exit_code {
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int no_server = 3;
inline constexpr int interrupted = 130; // 128 + SIGINT, as shells count
} // namespace exit_code

struct failure {
    failure() = default;
    failure(int exits, std::string says)
        : code(exits), text(std::move(says)) {} // else result<int> takes an int for one

    int code = exit_code::failed;
    std::string text;     // one line for people: what happened, to which app, what to do next
    std::string quoted;   // output of another program that goes with it, many lines; shown before the text
    std::string api_code; // the problem's code when the server said it, for example "name_taken"
    std::string problem;  // the server's own problem document, or empty
    bool foreign = false; // what answered did not speak as Berth does: run_cli then asks who it is
};

template <class T = void>
using outcome = boost::system::result<T, failure>;

inline failure usage_error(std::string text) { return {exit_code::usage, std::move(text)}; }
inline failure failed(std::string text) { return {exit_code::failed, std::move(text)}; }
/// Something answers, but not as Berth does: then there is no server of ours.
inline failure foreign_answer(std::string text) {
    failure why{exit_code::no_server, std::move(text)};
    why.foreign = true;
    return why;
}

/// For --json: the server's own document, else one of the same shape (RFC 9457) whose code is "usage", "no_server" or
/// "failed".
std::string problem_document(const failure&);

/// boost::system::result calls this when value() is asked of a failure: always a bug of ours.
[[noreturn]] void throw_exception_from_error(const failure&, const boost::source_location&);

} // namespace berth::cli
