#include "net/live/follower.hpp"

#include "core/names.hpp"

#include <algorithm>

namespace berth::net {
namespace {

bool continues(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// How many bytes the character that begins with this one has; 1 where none begins.
std::size_t length_of(char lead) noexcept {
    auto byte = static_cast<unsigned char>(lead);
    return byte >= 0xC2 && byte <= 0xDF ? 2 : byte >= 0xE0 && byte <= 0xEF ? 3 : byte >= 0xF0 && byte <= 0xF4 ? 4 : 1;
}

} // namespace

std::size_t whole_characters(std::string_view bytes) noexcept {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, bytes.size()); ++back) {
        char lead = bytes[bytes.size() - back];
        if (continues(lead))
            continue;
        // Unfinished only if what is there can still become a character: E2 28 cannot, and neither can F0 80.
        auto tail = bytes.substr(bytes.size() - back);
        bool unfinished = length_of(lead) > back && to_utf8(tail) == "\uFFFD";
        return unfinished ? bytes.size() - back : bytes.size();
    }
    return bytes.size();
}

follower::follower(std::optional<std::uint64_t> from, std::uint64_t tail_bytes)
    : state_(from ? state::following : state::locating), tail_bytes_(tail_bytes), offset_(from.value_or(0)) {}

follower::range follower::next() const { return {offset_, state_ == state::locating ? 0 : piece, file_}; }

bool follower::was_replaced(const log_piece& p) const {
    return p.size < offset_ || (file_ != 0 && p.file != file_ && offset_ + held_ > 0);
}

/// The reader has found the old file's end: what it brings is of the new one, at the place that follows.
bool follower::was_rotated(const log_piece& p) const { return file_ != 0 && p.file != file_ && p.from != offset_; }

void follower::locate(const log_piece& p) {
    file_ = p.file;
    state_ = state::following;
    offset_ = p.size - std::min(p.size, tail_bytes_);
    if (offset_ > 0 && tail_bytes_ > 0) {
        --offset_; // to see whether a line starts just there
        state_ = state::trimming;
    }
}

void follower::skip_to_line(const log_piece& p) {
    auto newline = p.bytes.find('\n');
    std::size_t skip = 1;
    if (newline != p.bytes.npos && newline + 1 < p.bytes.size())
        skip = newline + 1;
    else
        while (skip < p.bytes.size() && skip < 4 && continues(p.bytes[skip]))
            ++skip;
    offset_ += std::min(skip, p.bytes.size());
}

void follower::begin_again(const log_piece& p, std::vector<output>& out) {
    if (held_ > 0) // the rest of that character will never come
        out.push_back({false, offset_, offset_ + held_, "\uFFFD"});
    if (announced_ || offset_ > 0)
        out.push_back({true, 0, 0, {}});
    offset_ = 0;
    held_ = 0;
    file_ = p.file;
}

void follower::go_on_in(const log_piece& p, std::vector<output>& out) {
    if (announced_)
        out.push_back({true, 0, 0, {}});
    offset_ = p.from;
    held_ = 0; // an unfinished character lies in the new file, whole
    file_ = p.file;
}

void follower::advance(std::string_view bytes, std::uint64_t size, clock::time_point now, std::vector<output>& out) {
    auto whole = whole_characters(bytes);
    auto left = bytes.size() - whole;
    bool at_end = offset_ + bytes.size() >= size;
    if (!at_end || left == 0) {
        held_ = 0;
    } else if (whole == 0 && held_ > 0 && now - held_since_ >= patience) {
        whole = bytes.size();
        held_ = 0;
    } else {
        if (whole > 0 || held_ == 0)
            held_since_ = now;
        held_ = left;
    }
    if (whole > 0 || !announced_) {
        out.push_back({false, offset_, offset_ + whole, to_utf8(bytes.substr(0, whole))});
        announced_ = true;
    }
    offset_ += whole;
    more_ = whole > 0 && offset_ + held_ < size;
}

std::vector<follower::output> follower::take(const log_piece& p, clock::time_point now) {
    std::vector<output> out;
    more_ = true;
    if (state_ == state::locating) {
        locate(p);
        return out;
    }
    std::string_view bytes = p.bytes;
    if (was_rotated(p))
        go_on_in(p, out);
    if (was_replaced(p)) {
        if (state_ == state::trimming)
            offset_ = 0; // nothing was sent: no reset to tell of
        begin_again(p, out);
        bytes = {}; // they are of an offset that means nothing any more
        if (p.size > 0) {
            state_ = state::following;
            return out;
        }
    } else if (state_ == state::trimming) {
        auto before = offset_;
        skip_to_line(p);
        bytes.remove_prefix(static_cast<std::size_t>(offset_ - before));
    }
    state_ = state::following;
    file_ = p.file;
    advance(bytes, p.size, now, out);
    return out;
}

bool follower::behind(const log_piece& look, clock::time_point now) const {
    if (more_ || was_replaced(look))
        return true;
    if (look.size > offset_ + held_)
        return true;
    return held_ > 0 && now - held_since_ >= patience;
}

} // namespace berth::net
