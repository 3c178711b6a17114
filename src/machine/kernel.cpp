#include "machine/kernel.hpp"

#include "core/names.hpp"

#include <algorithm>

namespace berth::kernel {

std::string readable_name(std::string_view name) {
    if (name.ends_with("MainThread"))
        return {};
    auto end = name.find(" (");
    return printable_text(name.substr(0, end == 0 ? std::string_view::npos : end));
}

void shared_once::add(const pages& each) {
    unshared_ += each.resident - std::min(each.resident, each.shared);
    largest_shared_ = std::max(largest_shared_, each.shared);
}

bool is_inside(std::string_view cwd, std::string_view directory) {
    while (directory.size() > 1 && directory.ends_with('/'))
        directory.remove_suffix(1);
    if (directory.empty() || directory == "/" || !cwd.starts_with(directory))
        return false;
    auto rest = cwd.substr(directory.size());
    return rest.empty() || rest.starts_with('/') || rest == " (deleted)";
}

} // namespace berth::kernel
