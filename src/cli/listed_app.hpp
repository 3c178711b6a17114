// An app as the API tells it, and how people name apps: by id, by name, or by the beginning of an id. Pure.
#pragma once

#include "cli/failure.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

struct listed_app {
    std::string id;
    std::string name;
    std::string slug; // empty: the server knows no names
    std::optional<std::string> category;
    bool owned = true;
    std::string directory;
    std::string script;
    std::string package_manager; // empty: not known yet
    bool lan = false;
    bool asleep = false;
    bool keep_awake = false;
    std::optional<std::string> notes;
    std::vector<std::string> pending; // settings that come with the next start
    int port = 0;
    std::string created_at;
    std::string status; // the API's word; a newer server may have more of them
    std::optional<std::string> reason;
    std::string operation; // empty: none under way
    std::string intent;
    long long memory_mb = 0;
    double cpu_percent = 0;
    std::optional<std::int64_t> started_at; // ms since 1970
    std::optional<std::int64_t> last_opened_at; // the same
    bool in_git = false;
    std::string branch, commit; // empty: none
    long long restarts = 0;
    long long pid = 0;
    std::optional<long long> exit_code;
    std::optional<std::string> exit_signal;
    std::string page;                   // whether its pages work, the API's word; empty: it cannot be told
    std::string page_place, page_title; // of its first error
    std::string page_reason;            // why it is unchecked
    long long page_errors = 0;
    std::string json; // exactly the API's object

    bool runs() const { return status == "online" || status == "launching"; }
    /// Its processes are ended, and it starts when it is opened; while it is put to sleep they may still live.
    bool sleeps() const { return asleep && status == "stopped"; }
    /// What people are told in place of the status: "asleep" of one that sleeps.
    std::string state() const { return sleeps() ? "asleep" : status; }
    bool is_broken() const { return page == "broken"; }
    /// "src/app/page.tsx:70: Expression expected (and 2 more)", of a broken page.
    std::string page_text() const;
    /// What links go to: never 127.0.0.1, where Next blocks its own resources.
    std::string url() const;
    /// Its address by name, on the server's own port; empty: it has none.
    std::string named_url(std::uint16_t server_port) const;
};

/// What the server sent does not read as the API promises: not a Berth, or not of this version.
outcome<std::vector<listed_app>> parse_apps(std::string_view json);
outcome<listed_app> parse_app(std::string_view json);

/// From a value already parsed; throws nlohmann's exceptions when it is not an app.
listed_app to_listed_app(const nlohmann::ordered_json&);

/// As an array, in their order, in the API's words.
std::string to_json_array(const std::vector<listed_app>&);

/// Whether the beginning of an id is enough. Where nobody is asked before apps are deleted it is not: the same words
/// mean another app as soon as the first is gone.
enum class naming { prefix, whole };

struct meant_apps {
    std::vector<listed_app> apps;     // in the order asked for, each once
    std::vector<std::string> guesses; // what each prefix was taken for, a sentence each, for the user to see
};

/// As core/app_reference.hpp has it. A reference that nothing matches fails; one that several ids match, or that is not enough, is a usage error and names them.
outcome<meant_apps> resolve(const std::vector<listed_app>& apps, const std::vector<std::string>& references,
                            naming = naming::prefix);

} // namespace berth::cli
