// How people and agents name apps: by id, by name, or by the beginning of an id. One rule for the command line and for
// the network. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace berth {

/// A beginning of an id counts from here: shorter ones are too easily those of another app, today or tomorrow.
inline constexpr std::size_t least_prefix = 4;

struct named_app {
    std::string_view id, name;
};

struct meant_app {
    enum class how {
        whole,     // an id, or else a name (name_key)
        prefix,    // the beginning of this id, and of no other
        none,      // nobody's id, name or beginning
        too_short, // the beginning of an id, but under least_prefix
        several,   // the beginning of several ids
    };
    how found = how::none;
    std::vector<std::size_t> which; // places among the apps: one of whole and prefix, the candidates of several
};

/// An exact id comes first, then a name, then a prefix.
meant_app find_meant(const std::vector<named_app>&, std::string_view reference);

} // namespace berth
