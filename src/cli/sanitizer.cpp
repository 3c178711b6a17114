#include "cli/sanitizer.hpp"

#include "cli/text.hpp"
#include "core/names.hpp"

#include <algorithm>

namespace berth::cli {
namespace {

constexpr std::size_t max_parameters = 64;
constexpr std::size_t max_string = 4096;
constexpr std::size_t max_active = 256;
constexpr std::string_view reset = "\x1b[0m";

bool starts_string(char32_t c) { return c == 0x90 || c == 0x98 || c == 0x9D || c == 0x9E || c == 0x9F; }

} // namespace

std::string sanitizer::feed(std::string_view piece) {
    std::string out;
    out.reserve(piece.size());
    for (std::size_t at = 0; at < piece.size();) {
        auto point = code_point_at(piece, at);
        at += point.bytes.size();
        on(point.value, point.bytes, out);
    }
    return out;
}

std::string sanitizer::finish() {
    auto open = !active_.empty() && !restore_;
    *this = sanitizer(colours_);
    return open ? std::string(reset) : std::string();
}

void sanitizer::on(char32_t c, std::string_view bytes, std::string& out) {
    switch (state_) {
    case state::text:
        return on_text(c, bytes, out);
    case state::escape:
    case state::escape_intermediate:
        return on_escape(c, bytes, out);
    case state::csi:
        return on_csi(c, bytes, out);
    case state::string:
    case state::string_escape:
        return on_string(c, bytes, out);
    }
}

void sanitizer::on_text(char32_t c, std::string_view bytes, std::string& out) {
    if (c == 0x1B) {
        state_ = state::escape;
    } else if (c == 0x9B) {
        state_ = state::csi;
        sequence_.clear();
    } else if (starts_string(c)) {
        state_ = state::string;
        swallowed_ = 0;
    } else if (c == '\n') {
        line_end(out);
    } else if (c == '\r') {
        carriage_return_ = true;
    } else if (c == '\t' || !is_unsafe(c)) {
        if (carriage_return_ && !line_empty_)
            line_end(out);
        carriage_return_ = false;
        if (restore_) {
            out += active_;
            restore_ = false;
        }
        out += bytes;
        line_empty_ = false;
    }
}

void sanitizer::line_end(std::string& out) {
    if (!active_.empty() && !restore_) {
        out += reset;
        restore_ = true;
    }
    out += '\n';
    carriage_return_ = false;
    line_empty_ = true;
}

void sanitizer::on_escape(char32_t c, std::string_view bytes, std::string& out) {
    if (c >= 0x20 && c <= 0x2F) {
        state_ = state::escape_intermediate;
    } else if (state_ == state::escape && c == '[') {
        state_ = state::csi;
        sequence_.clear();
    } else if (state_ == state::escape && (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_')) {
        state_ = state::string;
        swallowed_ = 0;
    } else {
        state_ = state::text;
        if (c < 0x30 || c > 0x7E) // not the end of a sequence: text again, or another sequence
            on_text(c, bytes, out);
    }
}

void sanitizer::on_csi(char32_t c, std::string_view bytes, std::string& out) {
    if (c >= 0x20 && c <= 0x3F && sequence_.size() < max_parameters) {
        sequence_ += bytes;
        return;
    }
    state_ = state::text;
    if (c == 'm')
        colour(out);
    else if (c < 0x40 || c > 0x7E)
        on_text(c, bytes, out);
}

void sanitizer::colour(std::string& out) {
    if (!colours_ || sequence_.find_first_not_of("0123456789;:") != sequence_.npos)
        return;
    auto code = "\x1b[" + sequence_ + "m";
    if (sequence_.find_first_not_of("0;") == sequence_.npos) {
        if (!active_.empty() && !restore_)
            out += code;
        active_.clear();
        restore_ = false;
        return;
    }
    if (active_.size() + code.size() > max_active)
        active_.clear();
    active_ += code;
    if (!restore_)
        out += code;
}

void sanitizer::on_string(char32_t c, std::string_view bytes, std::string& out) {
    if (state_ == state::string_escape) {
        state_ = c == '\\' ? state::text : state::escape; // ESC ends the string even when it begins another sequence
        if (state_ == state::escape)
            on_escape(c, bytes, out);
    } else if (c == 0x1B) {
        state_ = state::string_escape;
    } else if (c == 0x07 || c == 0x9C || c == 0x18 || c == 0x1A) {
        state_ = state::text;
    } else if (c == '\n' || ++swallowed_ > max_string) { // never ended: it must not hide the rest of the log
        state_ = state::text;
        on_text(c, bytes, out);
    }
}

std::string plain_line(std::string_view text) {
    auto plain = sanitizer(false).feed(to_utf8(text));
    std::replace(plain.begin(), plain.end(), '\n', ' ');
    return visible(plain);
}

} // namespace berth::cli
