#include "cli/own_program.hpp"

#ifdef __APPLE__
#include <mach-o/dyld.h>

#include <array>
#endif

namespace berth::cli {

std::filesystem::path own_program() {
    std::error_code failure;
#ifdef __APPLE__
    std::array<char, 4096> path{};
    auto size = static_cast<std::uint32_t>(path.size());
    if (::_NSGetExecutablePath(path.data(), &size) != 0)
        return "berth";
    auto real = std::filesystem::canonical(path.data(), failure);
    return failure ? std::filesystem::path(path.data()) : real;
#else
    auto link = std::filesystem::read_symlink("/proc/self/exe", failure).native();
    if (failure)
        return "berth";
    constexpr std::string_view replaced = " (deleted)";
    if (link.ends_with(replaced))
        link.resize(link.size() - replaced.size());
    return link;
#endif
}

} // namespace berth::cli
