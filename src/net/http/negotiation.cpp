#include "net/http/negotiation.hpp"

#include "net/http/text.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace berth::net {
namespace {

/// A weight in thousandths (RFC 9110, 12.4.2); a malformed one counts as 0: better plain bytes than ones it cannot
/// read.
int parse_weight(std::string_view parameter) {
    if (!equal_ignoring_case(parameter.substr(0, 2), "q="))
        return 0;
    parameter.remove_prefix(2);
    if (parameter.empty() || parameter.size() > 5 || (parameter[0] != '0' && parameter[0] != '1'))
        return 0;
    int weight = (parameter[0] - '0') * 1000;
    if (parameter.size() == 1)
        return weight;
    if (parameter[1] != '.')
        return 0;
    int place = 100;
    for (char c : parameter.substr(2)) {
        if (c < '0' || c > '9')
            return 0;
        weight += (c - '0') * place;
        place /= 10;
    }
    return std::min(weight, 1000);
}

} // namespace

encoding choose_encoding(std::string_view accept_encoding, bool has_brotli, bool has_gzip) {
    std::optional<int> brotli, gzip, identity, any;
    for_each_item(accept_encoding, [&](std::string_view item) {
        auto end = item.find(';');
        auto name = trimmed(item.substr(0, end));
        int weight = end == item.npos ? 1000 : parse_weight(trimmed(item.substr(end + 1)));
        if (equal_ignoring_case(name, "br"))
            brotli = weight;
        else if (equal_ignoring_case(name, "gzip") || equal_ignoring_case(name, "x-gzip"))
            gzip = weight;
        else if (equal_ignoring_case(name, "identity"))
            identity = weight;
        else if (name == "*")
            any = weight;
    });
    int of_brotli = has_brotli ? brotli.value_or(any.value_or(0)) : 0;
    int of_gzip = has_gzip ? gzip.value_or(any.value_or(0)) : 0;
    // identity is always acceptable unless it is ruled out; unnamed it ranks last.
    int of_identity = identity.value_or(0);
    if (of_brotli > 0 && of_brotli >= of_gzip && of_brotli >= of_identity)
        return encoding::brotli;
    if (of_gzip > 0 && of_gzip >= of_identity)
        return encoding::gzip;
    return encoding::identity;
}

bool matches_etag(std::string_view if_none_match, std::string_view etag) {
    if (trimmed(if_none_match) == "*")
        return true;
    bool found = false;
    for_each_item(if_none_match, [&](std::string_view item) {
        if (item.starts_with("W/"))
            item.remove_prefix(2);
        found = found || item == etag;
    });
    return found;
}

} // namespace berth::net
