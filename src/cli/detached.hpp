// Programs that outlive this one: in a session of their own, so that neither Ctrl-C nor a hang-up of the terminal here
// is theirs. No shell: the words are arguments.
#pragma once

#include "cli/failure.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace berth::cli {

struct detached_options {
    std::vector<std::string> command;             // the program, by path or as PATH has it, and its arguments
    int output = -1;                              // what it says goes into this descriptor; -1: nobody hears it
    std::filesystem::path working_directory = {}; // empty: this one
};

/// The child, for its parent to wait for. Fails with a sentence when there is no such program, or it could not start.
outcome<pid_t> start_detached(const detached_options&);

} // namespace berth::cli
