#include "store/shared_files.hpp"

#include <nlohmann/json.hpp>

namespace berth {

bool has_install_script(std::string_view package_json) {
    if (package_json.find("install\"") == std::string_view::npos) // parsing hundreds of them costs more than to look
        return false;
    auto package = nlohmann::json::parse(package_json, nullptr, false);
    if (package.is_discarded())
        return true;
    auto scripts = package.is_object() ? package.find("scripts") : package.end();
    if (scripts == package.end() || !scripts->is_object())
        return false;
    return scripts->contains("preinstall") || scripts->contains("install") || scripts->contains("postinstall");
}

} // namespace berth
