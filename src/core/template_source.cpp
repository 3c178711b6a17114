#include "core/template_source.hpp"

#include "core/names.hpp"

#include <algorithm>

namespace berth {
namespace {

constexpr std::size_t max_length = 2000; // bytes

error refuse(std::string_view given, std::string_view why) {
    return {errc::invalid_request, "source: " + in_quotes(std::string(given)) + " " + std::string(why) +
                                       " Give a git URL (https://…, ssh://…, git@host:path, file:///…, "
                                       "github:owner/repo, each with #branch if need be) or the whole path of a "
                                       "folder."};
}

/// As git-check-ref-format has it, and nothing that could be taken for an option or a refspec.
bool is_ref(std::string_view ref) {
    auto fits = [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != 0x7f &&
               std::string_view("~^:?*[\\").find(c) == std::string_view::npos;
    };
    return !ref.starts_with('-') && !ref.starts_with('+') && ref.find("..") == std::string_view::npos &&
           std::all_of(ref.begin(), ref.end(), fits);
}

/// "owner/repo".
bool is_repository(std::string_view text) {
    auto slash = text.find('/');
    auto is_name = [](std::string_view name) {
        return !name.empty() && name != "." && name != ".." && name.front() != '-' &&
               std::all_of(name.begin(), name.end(), [](unsigned char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                          c == '-' || c == '_';
               });
    };
    return slash != std::string_view::npos && is_name(text.substr(0, slash)) && is_name(text.substr(slash + 1));
}

/// What scp would take: user@host:path. Not "-oProxyCommand=…" for ssh in the host's place.
bool is_scp_like(std::string_view url) {
    auto at = url.find('@'), colon = url.find(':'), slash = url.find('/');
    return at != std::string_view::npos && at > 0 && colon != std::string_view::npos && at < colon && colon < slash &&
           url.front() != '-' && url[at + 1] != '-' && colon > at + 1 && colon + 1 < url.size();
}

/// A scheme, and a host that ssh does not take for an option.
bool is_url(std::string_view url) {
    for (std::string_view scheme : {"https://", "ssh://", "file:///"})
        if (url.starts_with(scheme) && url.size() > scheme.size()) {
            auto host = url.substr(scheme.size());
            host = host.substr(0, host.find('/'));
            auto user = host.rfind('@');
            return !host.starts_with('-') &&
                   (user == std::string_view::npos || !host.substr(user + 1).starts_with('-'));
        }
    return false;
}

} // namespace

result<template_source> parse_template_source(std::string_view given) {
    auto plain = std::all_of(given.begin(), given.end(), [](unsigned char c) { return c >= ' ' && c != 0x7f; });
    if (given.empty() || given.size() > max_length || !plain || !is_utf8(given))
        return refuse(given, "is empty, too long, or holds what no URL and no path should.");
    if (given.starts_with('/'))
        return template_source(folder_source{std::filesystem::path(given).lexically_normal()});
    auto mark = given.find('#');
    auto url = given.substr(0, mark);
    auto ref = mark == std::string_view::npos ? std::string_view() : given.substr(mark + 1);
    if (!is_ref(ref))
        return refuse(given, "names no branch, tag or commit after its #.");
    constexpr std::string_view github = "github:";
    if (url.starts_with(github)) {
        auto repository = url.substr(github.size());
        if (!is_repository(repository))
            return refuse(given, "is not github:owner/repo.");
        return template_source(git_source{"https://github.com/" + std::string(repository) + ".git", std::string(ref)});
    }
    if (is_url(url) || is_scp_like(url))
        return template_source(git_source{std::string(url), std::string(ref)});
    return refuse(given, "is no source of a template.");
}

std::string without_password(std::string_view source) {
    auto start = source.find("://");
    if (start == std::string_view::npos)
        return std::string(source);
    start += 3;
    auto host_end = source.find('/', start);
    auto at = source.substr(0, host_end).rfind('@');
    auto colon = source.find(':', start);
    if (at == std::string_view::npos || at < start || colon == std::string_view::npos || colon > at)
        return std::string(source);
    return std::string(source.substr(0, colon)) + std::string(source.substr(at));
}

} // namespace berth
