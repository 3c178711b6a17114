#include "core/app_reference.hpp"

#include "core/names.hpp"

namespace berth {

meant_app find_meant(const std::vector<named_app>& apps, std::string_view reference) {
    using enum meant_app::how;
    for (std::size_t i = 0; i < apps.size(); ++i)
        if (apps[i].id == reference)
            return {whole, {i}};
    auto key = name_key(reference);
    for (std::size_t i = 0; i < apps.size(); ++i)
        if (name_key(apps[i].name) == key)
            return {whole, {i}};
    std::vector<std::size_t> begun;
    for (std::size_t i = 0; i < apps.size(); ++i)
        if (!reference.empty() && apps[i].id.starts_with(reference))
            begun.push_back(i);
    if (begun.empty())
        return {none, {}};
    if (reference.size() < least_prefix)
        return {too_short, {}};
    return {begun.size() > 1 ? several : prefix, begun};
}

} // namespace berth
