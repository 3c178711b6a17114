// A project's folder, read: how it is started (core/projects.hpp has the promises). Reads package.json and looks for
// lock files; follows links as npm does, and reads only regular files (a FIFO would hold the worker).
#pragma once

#include "core/projects.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>

namespace berth {

// Both block: worker threads only.

/// See projects::plan.
result<launch> plan_launch(const launch_wish&);
/// See projects::inspect.
result<std::filesystem::path> inspect_project(const std::filesystem::path& given, const std::string& script);

/// `home` is the reactor. The pool is joined before the reactor's io_context goes, and destroyed after it.
std::unique_ptr<projects> create_projects(asio::any_io_executor home, asio::thread_pool&);

} // namespace berth
