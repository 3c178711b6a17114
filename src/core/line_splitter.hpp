// Cuts a stream of bytes into lines, with a bound on what an unfinished line may hold. Pure; one for each stream.
//
// What is over the bound is dropped up to the next newline: framing is never lost for longer than one line, which is
// what length-prefixed frames cannot promise after garbage.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace berth {

class line_splitter {
public:
    enum class overlong {
        drop, // the whole line
        cut,  // keep its first bytes
    };

    /// limit: bytes a line may hold, without its newline.
    line_splitter(std::size_t limit, overlong policy) : limit_(limit), policy_(policy) {}

    /// Calls on_line(std::string_view) for each line that is complete; the view lives as long as the call.
    template <class OnLine>
    void feed(std::string_view bytes, OnLine&& on_line) {
        while (!bytes.empty()) {
            auto end = bytes.find('\n');
            auto piece = bytes.substr(0, end);
            if (end != std::string_view::npos && pending_.empty() && !over_ && piece.size() <= limit_) {
                on_line(piece); // the usual case: no copy
            } else {
                append(piece);
                if (end != std::string_view::npos)
                    finish(on_line);
            }
            if (end == std::string_view::npos)
                return;
            bytes.remove_prefix(end + 1);
        }
    }

    /// At the end of the stream: a last line without a newline.
    template <class OnLine>
    void end(OnLine&& on_line) {
        if (!pending_.empty())
            finish(on_line);
    }

    /// Lines that were over the bound.
    std::size_t overlong_lines() const { return overlong_; }

private:
    void append(std::string_view piece) {
        auto room = limit_ - pending_.size();
        if (piece.size() > room) {
            piece = piece.substr(0, room);
            over_ = true;
        }
        if (!over_ || policy_ == overlong::cut)
            pending_ += piece;
        else
            pending_.clear();
    }

    template <class OnLine>
    void finish(OnLine&& on_line) {
        if (over_)
            ++overlong_;
        if (!over_ || policy_ == overlong::cut)
            on_line(std::string_view(pending_));
        pending_.clear();
        over_ = false;
    }

    std::size_t limit_;
    overlong policy_;
    std::string pending_;
    bool over_ = false;
    std::size_t overlong_ = 0;
};

} // namespace berth
