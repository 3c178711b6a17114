#include "core/templates.hpp"

#include "core/names.hpp"

#include <algorithm>
#include <chrono>

namespace berth {
namespace {

constexpr std::chrono::milliseconds fresh_for = std::chrono::hours(7 * 24);

/// "v20" of "v20.9.0".
std::string_view major_of(std::string_view version) { return version.substr(0, version.find('.')); }

} // namespace

result<> check_template_name(std::string_view name) {
    auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    auto fits = [&](char c) { return is_plain(c) || c == '.' || c == '-' || c == '_'; };
    if (!name.empty() && name.size() <= 64 && is_plain(name.front()) && std::all_of(name.begin(), name.end(), fits))
        return {};
    return error{errc::invalid_request, "A template's name has 1 to 64 characters of a to z, 0 to 9, '.', '-' and '_', "
                                        "and begins with a letter or a digit; " +
                                            in_quotes(name) + " does not."};
}

bool is_stale(const template_facts& facts, std::int64_t now_ms, std::string_view node) {
    // One from the future was made by a clock that was wrong.
    if (facts.made_at > now_ms || now_ms - facts.made_at > fresh_for.count())
        return true;
    return !node.empty() && !facts.node.empty() && major_of(node) != major_of(facts.node);
}

} // namespace berth
