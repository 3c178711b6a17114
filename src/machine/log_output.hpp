// Where the server's log goes: one line each through a background_writer, with the level in colour on a terminal.
#pragma once

#include "machine/background_writer.hpp"

#include <spdlog/logger.h>

#include <memory>

namespace berth {

std::shared_ptr<spdlog::logger> create_logger(std::shared_ptr<background_writer>, bool colours);

} // namespace berth
