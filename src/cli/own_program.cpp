#include "cli/own_program.hpp"

namespace berth::cli {

std::filesystem::path own_program() {
    std::error_code failure;
    auto link = std::filesystem::read_symlink("/proc/self/exe", failure).native();
    if (failure)
        return "berth";
    constexpr std::string_view replaced = " (deleted)";
    if (link.ends_with(replaced))
        link.resize(link.size() - replaced.size());
    return link;
}

} // namespace berth::cli
