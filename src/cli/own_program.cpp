#include "cli/own_program.hpp"

#ifdef __APPLE__
#include <mach-o/dyld.h>

#include <array>
#endif

namespace berth::cli {

std::filesystem::path own_program() {
    std::error_code failure;
#ifdef __APPLE__
    std::array<char, 4096> room{};
    std::uint32_t size = room.size();
    auto path = ::_NSGetExecutablePath(room.data(), &size) == 0 ? std::filesystem::canonical(room.data(), failure)
                                                                : std::filesystem::path();
    return failure || path.empty() ? std::filesystem::path("berth") : path;
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
