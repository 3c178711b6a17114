// How the programs that agents live in are told of `berth mcp`: which file, and what stands in it. Pure.
//
// A file that is there keeps everything else that is in it. What cannot be kept (comments in JSON, a table that
// somebody wrote by hand) is not touched: then the failure says why, and the person pastes.
#pragma once

#include "cli/failure.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace berth::cli::mcp {

struct start_command {
    std::string program;
    std::vector<std::string> arguments;
};

struct folders {
    std::filesystem::path home;
    std::filesystem::path here;  // the working directory
    std::filesystem::path codex; // $CODEX_HOME; empty: ~/.codex
};

struct client {
    std::string_view name;  // as --client has it
    std::string_view title; // as people call it
    std::filesystem::path file;
    std::string_view key; // of the JSON object that holds the servers; empty: it is TOML
    std::string hint;     // what else there is to do or to know
};

/// claude, cursor, vscode, codex: those that --client knows.
std::vector<client> known_clients(const folders&, const start_command&);

/// The file's text with the server in it; `before`: as it is, empty when there is none. The same text: it was in it.
outcome<std::string> with_berth(const client&, std::string_view before, const start_command&);

} // namespace berth::cli::mcp
