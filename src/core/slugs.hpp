// The label by which an app is addressed, http://<slug>.localhost:<port of Berth>/: spec section 16. Pure rules.
//
// A slug follows from the name and from what others have, so it is kept (in the manifest) for as long as the name
// allows it: an address that somebody has noted does not move because another app came or went.
#pragma once

#include "core/manifest.hpp"
#include "core/view.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace berth {

inline constexpr std::size_t max_slug = 63;        // RFC 1035, 2.3.4
inline constexpr std::size_t max_former_slugs = 8; // of an app; the oldest are forgotten

/// 1 to 63 of [a-z0-9-], neither end a '-'.
bool is_slug(std::string_view) noexcept;

/// What a name says of it: Latin letters without their marks, digits, '-' for all that is between them; never "--",
/// which at the third place would make it look like a foreign script's ("xn--"). Empty: the name has none of these.
std::string slug_words(std::string_view name);

/// Whether the slug is one that the app's name gives: its words, or these with a number behind them ("shop-2"); the id
/// where the name has no words, or one that stands for something else.
bool fits(std::string_view slug, const app&);

/// Gives every app whose slug does not fit its name, or is another's too, one that does; what it had goes to its former
/// ones, and what somebody has now is nobody's former one. Of two with the same, the older app keeps it. Does nothing
/// the second time.
void settle_slugs(manifest&);

struct named_app {
    const app_view* app = nullptr; // null: nobody has the name
    bool by_former = false;        // and it is the one that this app had before
};
/// In any case of ASCII. What an app has now comes before what another had.
named_app find_named(const apps_view&, std::string_view label);

} // namespace berth
