// What every fuzz target is made of. A target is handed bytes and checks properties, not only that nothing crashes:
// libFuzzer takes an abort as a find, and keeps the bytes that led to it.
#pragma once

#include "core/names.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace berth::fuzz {

inline void require(bool holds, const char* what, std::string_view seen = {}) {
    if (holds)
        return;
    std::fprintf(stderr, "\nnot so: %s\n%.*s\n", what, static_cast<int>(seen.size()), seen.data());
    std::abort();
}

/// A refusal that people and clients read: one sentence or more, of a bounded length, in valid UTF-8.
inline void require_words(const error& e) {
    require(!e.detail.empty(), "an error has words");
    require(e.detail.size() < 1500, "an error is short", e.detail);
    require(is_utf8(e.detail), "an error is UTF-8", e.detail);
}

/// The text in pieces, whose lengths (1 to `most`) the fuzzer chooses; once it has no more to say, all that is left.
template <class F>
void in_pieces(std::string_view text, FuzzedDataProvider& cuts, std::size_t most, F&& f) {
    while (!text.empty()) {
        auto n = cuts.remaining_bytes() > 0 ? cuts.ConsumeIntegralInRange<std::size_t>(1, most) : text.size();
        f(text.substr(0, n));
        text.remove_prefix(std::min(n, text.size()));
    }
}

} // namespace berth::fuzz
