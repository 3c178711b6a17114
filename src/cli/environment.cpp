#include "cli/arguments.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace berth::cli {
namespace {

std::string variable(const char* name) {
    auto* set = std::getenv(name);
    return set ? set : "";
}

std::string home() {
    auto set = variable("HOME");
    if (!set.empty())
        return set;
    passwd user{};
    passwd* found = nullptr;
    std::array<char, 16384> room{};
    if (::getpwuid_r(::getuid(), &user, room.data(), room.size(), &found) == 0 && found && found->pw_dir)
        return found->pw_dir;
    return {};
}

} // namespace

environment look_at_environment() { return {variable("BERTH_ROOT"), variable("BERTH_URL"), home()}; }

} // namespace berth::cli
