#include "cli/detached.hpp"

#include "cli/text.hpp"
#include "core/descriptors.hpp"
#include "core/environment.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace berth::cli {

outcome<pid_t> start_detached(const detached_options& options) {
    std::vector<char*> arguments;
    for (auto& word : options.command)
        arguments.push_back(const_cast<char*>(word.c_str())); // posix_spawnp changes none of them
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, options.output.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    if (!options.working_directory.empty())
        posix_spawn_file_actions_addchdir_np(&files, options.working_directory.c_str());
#ifdef __GLIBC__
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1); // our connections are not its
#else
    keep_from_children(STDERR_FILENO + 1);
#endif
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
    auto own = current_environment();
    std::vector<char*> variables;
    for (auto& each : own)
        variables.push_back(each.data());
    variables.push_back(nullptr);
    pid_t pid = -1;
    auto error = posix_spawnp(&pid, arguments[0], &files, &attributes, arguments.data(), variables.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0)
        return failed(fmt::format("{} could not be started: {}", visible(options.command[0]), std::strerror(error)));
    return pid;
}

} // namespace berth::cli
