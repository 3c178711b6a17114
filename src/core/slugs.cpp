#include "core/slugs.hpp"

#include "core/names.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>
#include <vector>

namespace berth {
namespace {

// Not an app's: Berth may want them one day, and nobody shall take an app for Berth.
constexpr std::string_view reserved[] = {"api", "berth", "localhost", "www"};

/// The words, or the id: what the slug begins with.
std::string stem_of(const app& a) {
    auto words = slug_words(a.name);
    return words.empty() ? a.id : words;
}

/// The n-th choice: the stem itself, then "stem-2", "stem-3" ..., cut where a label ends.
std::string choice(std::string_view stem, unsigned n) {
    auto tail = n > 1 ? "-" + std::to_string(n) : std::string();
    auto kept = stem.substr(0, max_slug - tail.size());
    while (kept.ends_with('-'))
        kept.remove_suffix(1);
    return std::string(kept) + tail;
}

bool is_reserved(std::string_view slug) {
    return std::find(std::begin(reserved), std::end(reserved), slug) != std::end(reserved);
}

void assign(app& a, const std::set<std::string, std::less<>>& taken) {
    auto stem = stem_of(a);
    auto is_free = [&](const std::string& slug) { return !taken.contains(slug) && !is_reserved(slug); };
    // Its own former one, where the name came back.
    auto again = std::find_if(a.former_slugs.rbegin(), a.former_slugs.rend(),
                              [&](auto& slug) { return fits(slug, a) && is_free(slug); });
    auto slug = again != a.former_slugs.rend() ? *again : std::string();
    for (unsigned n = 1; slug.empty(); ++n)
        if (auto next = choice(stem, n); is_free(next))
            slug = std::move(next);
    std::swap(a.slug, slug);
    if (!slug.empty() && !taken.contains(slug))
        a.former_slugs.push_back(std::move(slug));
}

} // namespace

bool is_slug(std::string_view text) noexcept {
    auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !text.empty() && text.size() <= max_slug && std::all_of(text.begin(), text.end(), allowed) &&
           text.front() != '-' && text.back() != '-';
}

std::string slug_words(std::string_view name) {
    // "Ünïcode" is "unicode", "ﬁne" is "fine", "Straße" is "strasse".
    constexpr auto form = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                                         UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
    utf8proc_uint8_t* folded = nullptr;
    auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                             static_cast<utf8proc_ssize_t>(name.size()), &folded, form);
    std::string words;
    for (utf8proc_ssize_t at = 0; at < size; ++at) { // none where it is not UTF-8
        auto c = static_cast<char>(folded[at]);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            words += c;
        else if (!words.empty() && words.back() != '-')
            words += '-';
    }
    std::free(folded);
    return choice(words, 1);
}

bool fits(std::string_view slug, const app& a) {
    auto stem = stem_of(a);
    if (slug == choice(stem, 1))
        return !is_reserved(slug);
    auto dash = slug.rfind('-');
    unsigned n = 0;
    if (dash == slug.npos || slug.substr(dash + 1).starts_with('0'))
        return false;
    auto [end, failed] = std::from_chars(slug.data() + dash + 1, slug.data() + slug.size(), n);
    return failed == std::errc() && end == slug.data() + slug.size() && n > 1 && slug == choice(stem, n);
}

named_app find_named(const apps_view& all, std::string_view label) {
    auto slug = ascii_key(label);
    for (auto& seen : all.apps)
        if (seen->app.slug == slug)
            return {seen.get(), false};
    for (auto& seen : all.apps)
        for (auto& former : seen->app.former_slugs)
            if (former == slug)
                return {seen.get(), true};
    return {};
}

void settle_slugs(manifest& m) {
    std::vector<app*> oldest_first;
    for (auto& [id, entry] : m.apps)
        oldest_first.push_back(&entry.app);
    std::stable_sort(oldest_first.begin(), oldest_first.end(),
                     [](auto* a, auto* b) { return a->created_at < b->created_at; });
    std::set<std::string, std::less<>> taken;
    std::vector<app*> without;
    for (auto* a : oldest_first)
        if (!fits(a->slug, *a) || !taken.insert(a->slug).second)
            without.push_back(a);
    for (auto* a : without) {
        assign(*a, taken);
        taken.insert(a->slug);
    }
    for (auto* a : oldest_first) {
        auto& former = a->former_slugs;
        std::erase_if(former, [&](auto& slug) { return taken.contains(slug); });
        if (former.size() > max_former_slugs)
            former.erase(former.begin(), former.end() - max_former_slugs);
    }
}

} // namespace berth
