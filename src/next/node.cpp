#include "next/node.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace berth {

bool is_new_enough(std::string_view version) noexcept {
    if (!version.starts_with('v'))
        return false;
    auto end = version.data() + version.size();
    int major = 0, minor = 0;
    auto [dot, failed] = std::from_chars(version.data() + 1, end, major);
    if (failed != std::errc() || dot == end || *dot != '.')
        return false;
    std::from_chars(dot + 1, end, minor);
    return major > 20 || (major == 20 && minor >= 9);
}

void choose_node(const std::filesystem::path& folder) {
    std::error_code ignored;
    if (!std::filesystem::exists(folder / "node", ignored))
        return;
    char said[64] = "";
    if (auto* node = ::popen("node --version 2>/dev/null", "r")) {
        if (!std::fgets(said, sizeof said, node))
            said[0] = '\0';
        ::pclose(node);
    }
    if (is_new_enough(said))
        return;
    auto before = std::getenv("PATH");
    auto path = folder.native() + (before ? ":" + std::string(before) : "");
    ::setenv("PATH", path.c_str(), 1);
}

} // namespace berth
