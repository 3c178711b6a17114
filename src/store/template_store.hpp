// The disk behind core/templates.hpp: the shelf of templates, and copies of trees, on a pool of threads of their own.
#pragma once

#include "core/templates.hpp"

#include <boost/asio/thread_pool.hpp>

#include <filesystem>
#include <functional>
#include <memory>

namespace berth {

/// Copies take a thread of the pool each for as long as they run, up to seconds: four are enough, and nobody else's
/// work should wait there. `home` is the reactor; `root` as root_folder has it; `sweep` has the trash emptied in the
/// background and may be called from any thread. At its end, copies under way are told to stop; the pool is joined
/// before the reactor's io_context goes, and destroyed after it.
std::unique_ptr<template_store> create_template_store(asio::any_io_executor home, asio::thread_pool&,
                                                      const std::filesystem::path& root, std::function<void()> sweep);

} // namespace berth
