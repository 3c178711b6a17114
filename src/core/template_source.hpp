// Where a template comes from, as somebody wrote it. Pure.
#pragma once

#include "core/task.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

namespace berth {

struct git_source {
    std::string url;
    std::string ref; // a branch, a tag or a full commit id; empty: what the repository shows first
    bool operator==(const git_source&) const = default;
};
struct folder_source {
    std::filesystem::path path; // absolute
    bool operator==(const folder_source&) const = default;
};
using template_source = std::variant<git_source, folder_source>;

/// https://…, ssh://…, file://…, git@host:path and github:owner/repo, each with #ref; else an absolute path of a
/// folder. errc::invalid_request for anything else: in particular for what git would take for an option, or for a
/// transport that runs a command (ext::).
result<template_source> parse_template_source(std::string_view);

/// The source as clients may see it: without the password of https://user:password@host.
std::string without_password(std::string_view source);

} // namespace berth
