#include "net/api/find_app.hpp"

#include "core/app_reference.hpp"
#include "core/names.hpp"

namespace berth::net {

std::shared_ptr<const app_view> find_app(const apps_view& all, std::string_view id_or_name) {
    std::vector<named_app> names;
    for (auto& a : all.apps)
        names.push_back({a->app.id, a->app.name});
    auto meant = find_meant(names, id_or_name);
    return meant.found == meant_app::how::whole ? all.apps[meant.which.front()] : nullptr;
}

result<std::string> app_id(const apps_view& all, std::string_view id_or_name) {
    if (auto view = find_app(all, id_or_name))
        return view->app.id;
    if (is_id(id_or_name))
        return std::string(id_or_name);
    return no_app(id_or_name);
}

error no_app(std::string_view id_or_name) {
    return {errc::app_not_found, "There is no app with the id or name " + in_quotes(id_or_name) + "."};
}

} // namespace berth::net
