#include "net/live/deflate_offers.hpp"

#include "net/http/text.hpp"

namespace berth::net {
namespace {

bool asks_for_smallest_window(std::string_view offer) {
    for (auto end = offer.find(';'); end != offer.npos; end = offer.find(';')) {
        offer.remove_prefix(end + 1);
        auto parameter = offer.substr(0, offer.find(';'));
        auto equals = parameter.find('=');
        if (equals == parameter.npos ||
            !equal_ignoring_case(trimmed(parameter.substr(0, equals)), "server_max_window_bits"))
            continue;
        auto value = trimmed(parameter.substr(equals + 1));
        if (value == "8" || value == "\"8\"")
            return true;
    }
    return false;
}

} // namespace

std::string without_smallest_window(std::string_view extensions) {
    std::string kept;
    for_each_item(extensions, [&](std::string_view offer) {
        if (!asks_for_smallest_window(offer))
            kept.append(kept.empty() ? "" : ", ").append(offer);
    });
    return kept;
}

} // namespace berth::net
