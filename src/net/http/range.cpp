#include "net/http/range.hpp"

#include "net/http/text.hpp"

#include <algorithm>
#include <limits>

namespace berth::net {
namespace {

/// Any digits (RFC 9110: 1*DIGIT, so zeros may lead); what is too large counts as the largest.
std::optional<std::uint64_t> parse_digits(std::string_view text) {
    if (text.empty() || text.find_first_not_of("0123456789") != text.npos)
        return {};
    text.remove_prefix(std::min(text.find_first_not_of('0'), text.size() - 1));
    return parse_number(text, std::numeric_limits<std::uint64_t>::max())
        .value_or(std::numeric_limits<std::uint64_t>::max());
}

} // namespace

result<file_part> choose_range(std::string_view range, std::uint64_t size) {
    file_part whole{0, size, false};
    auto equals = range.find('='), dash = range.find('-');
    if (equals == range.npos || dash == range.npos || dash < equals ||
        !equal_ignoring_case(range.substr(0, equals), "bytes"))
        return whole;
    auto first_text = trimmed(range.substr(equals + 1, dash - equals - 1)), last_text = trimmed(range.substr(dash + 1));
    auto first = parse_digits(first_text), last = parse_digits(last_text);
    if ((!first && !first_text.empty()) || (!last && !last_text.empty()) || (!first && !last) ||
        (first && last && *first > *last))
        return whole;
    auto from = first ? *first : size - std::min(*last, size); // "-500": the last 500
    if (from >= size)
        return error{errc::range_not_satisfiable,
                     "The log has " + std::to_string(size) + " bytes; the range asked for begins behind them."};
    auto end = first && last ? std::min(*last, size - 1) + 1 : size;
    return file_part{from, end - from, true};
}

} // namespace berth::net
