// Asks a dev server over the loopback (core/page_checker.hpp has the promises): 127.0.0.1 first, then ::1, each
// question on a connection of its own, at most 1 MiB of answer. What is answered is read by page_answer.hpp.
//
// Lives on the reactor; answers are parsed on `workers`, and `disks` is asked where a file lies that is broken.
#pragma once

#include "core/own_connections.hpp"
#include "core/page_checker.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace berth {

struct page_check_options {
    std::chrono::milliseconds deadline = page_checker::deadline;
    std::size_t longest_answer = std::size_t{1} << 20; // bytes of body
};

/// Next names files from its workspace's root, which is the app's folder or one above it (a monorepo's). Of those
/// folders the nearest that has such a file is meant: relative to the app's folder where it lies in it, else absolute.
/// As told where none has it. Asks the disk.
std::string where_it_lies(const std::string& told, const std::filesystem::path& directory);

/// All must outlive it; close() it, and wait for what it was asked, before.
std::unique_ptr<page_checker> create_page_checker(asio::any_io_executor, asio::thread_pool& workers,
                                                  asio::thread_pool& disks, std::shared_ptr<own_connections>,
                                                  page_check_options = {});

} // namespace berth
