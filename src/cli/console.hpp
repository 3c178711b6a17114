// The standard streams of the process: results on stdout, everything said beside them on stderr. Knows the terminal,
// keeps the one line of progress that is written over and over, and ends quietly when nobody reads stdout any more.
//
// Blocking writes on the calling thread: a client has nothing better to do than to wait for its reader.
#pragma once

#include "cli/failure.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace berth::cli {

struct terminal {
    bool in = false;
    bool out = false;
    bool err = false;
    bool colours = true; // NO_COLOR is unset or empty, and TERM is not dumb; only where a stream is a terminal

    bool colours_out() const { return out && colours; }
    bool colours_err() const { return err && colours; }
};

/// Of the process itself.
terminal look_at_terminal();

class console {
public:
    /// The descriptors must outlive it. `on_end` is told once, with the exit code, when stdout can no longer be written
    /// to: done when its reader has gone, failed (after a word on stderr) when the disk is full.
    console(int out, int err, terminal, std::function<void(int)> on_end);
    ~console();
    console(const console&) = delete;
    console& operator=(const console&) = delete;

    const terminal& facts() const { return terminal_; }
    /// Of stdout, now; 80 where it cannot be known. Lines too, 24.
    std::size_t columns() const;
    std::size_t lines() const;

    /// On stdout, as it is. Text of others must have been made harmless before.
    void print(std::string_view);
    /// A line of JSON on stdout: the server's own bytes, but for escapes of what a terminal would obey.
    void print_json(std::string_view);
    /// One line on stderr, made harmless.
    void note(std::string_view);
    /// One line on stderr, after the output that goes with it. The value is the exit code.
    int fail(const failure&);
    /// The same as a problem document, for programs.
    int fail_json(const failure&);

    /// What is being done: one line that is written over. Only on a terminal: elsewhere it would be read as a result.
    void progress(std::string_view);
    void end_progress();

    /// Writes rows of a live table in place of those before. For a terminal; they must fit into it.
    void redraw(std::string_view rows);

private:
    void write_out(std::string_view);
    void write_err(std::string_view);

    int out_, err_;
    terminal terminal_;
    std::function<void(int)> on_end_;
    std::string progress_;  // shown now; on a terminal without a line end
    std::size_t drawn_ = 0; // lines of the live table
    bool ended_ = false;
};

} // namespace berth::cli
