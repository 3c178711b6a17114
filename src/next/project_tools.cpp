#include "next/project_tools.hpp"

#include "core/projects.hpp"
#include "next/command_runs.hpp"
#include "next/package_manager.hpp"
#include "next/scaffold.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

namespace berth {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr auto version_holds = std::chrono::minutes(10);

/// What the folder says of its package manager. Two looks at a folder that was written a moment ago: no wait for a
/// disk.
struct project {
    bool has_package = false;
    package_manager manager = package_manager::npm;
    bool locked = false;
};

project look_at(const fs::path& directory) {
    project found;
    std::error_code ignored;
    std::vector<std::string> names;
    for (auto& entry : fs::directory_iterator(directory, ignored))
        if (entry.is_regular_file(ignored))
            names.push_back(entry.path().filename().string());
    auto file = directory / "package.json";
    found.has_package = fs::is_regular_file(fs::symlink_status(file, ignored));
    std::optional<std::string> declared;
    if (found.has_package && fs::file_size(file, ignored) <= max_package_json) {
        std::ifstream in(file, std::ios::binary);
        auto package = nlohmann::json::parse(std::string(std::istreambuf_iterator<char>(in), {}), nullptr, false);
        if (package.is_object() && package.contains("packageManager") && package["packageManager"].is_string())
            declared = package["packageManager"].get<std::string>();
    }
    found.manager = find_package_manager(names, declared).value_or(package_manager::npm);
    for (auto lock : lock_files(found.manager))
        found.locked = found.locked || std::find(names.begin(), names.end(), lock) != names.end();
    return found;
}

class process_tools final : public project_tools {
public:
    process_tools(asio::any_io_executor executor, project_tools_options options)
        : options_(std::move(options)), runs_(std::move(executor), options_.spawn) {}

    task<result<std::string>> fetch(git_source source, fs::path directory, line_sink on_line) override {
        auto end = steady_clock::now() + options_.fetch_deadline;
        std::string last;
        for (auto& command : fetch_commands(source, directory)) {
            command_plan plan = git_plan(command, directory, end);
            plan.working_directory = options_.working_directory; // before `git init` the folder is not there
            plan.failure = errc::template_failed;
            plan.on_line = [&](std::string_view line) {
                last = std::string(line);
                on_line(line);
            };
            auto where = directory;
            auto done = co_await runs_.run(std::move(where), std::move(plan));
            if (done.has_error())
                co_return done.error();
        }
        co_return last;
    }

    task<result<std::string>> install(fs::path directory, line_sink on_line) override {
        auto found = look_at(directory);
        if (!found.has_package)
            co_return error{errc::template_failed, "It holds no package.json, so it is no project to make apps from."};
        std::string program(name_of(found.manager));
        auto version = co_await version_of(program);
        if (version.empty())
            co_return error{errc::template_failed,
                            fmt::format("This project is installed by {0}. {1}", program, how_to_get(found.manager))};
        command_plan plan;
        plan.name = program;
        plan.failure = errc::template_failed;
        plan.command = install_command(found.manager, found.locked);
        plan.variables = scaffold_environment(current_environment(), directory);
        set_variable(plan.variables, "COREPACK_ENABLE_DOWNLOAD_PROMPT", "0");
        plan.working_directory = directory;
        plan.deadline = options_.install_deadline;
        plan.on_line = std::move(on_line);
        auto done = co_await runs_.run(std::move(directory), std::move(plan));
        if (done.has_error())
            co_return done.error();
        co_return program + " " + version;
    }

    task<> begin_history(fs::path directory, std::string message) override {
        auto end = steady_clock::now() + options_.history_deadline;
        std::vector<std::string> inside = {"rev-parse", "--is-inside-work-tree"}, who = {"var", "GIT_COMMITTER_IDENT"},
                                 branch = {"config", "--get", "init.defaultBranch"};
        if (co_await git(inside, directory, end)) // or there is no git: then nothing of the rest works either
            co_return;
        if (!co_await git(who, directory, end))
            co_return;
        std::vector<std::string> init = {"init", "-q"};
        if (!co_await git(branch, directory, end))
            init.insert(init.begin(), {"-c", "init.defaultBranch=main"});
        // node_modules stays out even where no .gitignore says so: 24,000 files.
        std::vector<std::string> add = {"add", "-A", "--", ".", ":(exclude,glob)**/node_modules/**"};
        std::vector<std::string> commit = {"-c",          "commit.gpgSign=false",
                                           "-c",          "core.hooksPath=/dev/null",
                                           "-c",          "gc.auto=0",
                                           "-c",          "maintenance.auto=false",
                                           "commit",      "-q",
                                           "--no-verify", "--allow-empty",
                                           "-m",          message};
        bool done = co_await git(init, directory, end);
        if (done)
            done = co_await git(add, directory, end);
        if (done)
            done = co_await git(commit, directory, end);
        if (done)
            co_return;
        command_plan plan;
        plan.name = "rm";
        plan.command = {"rm", "-rf", "--", (directory / ".git").string()};
        plan.variables = current_environment();
        co_await runs_.run(std::move(directory), std::move(plan));
    }

    task<std::string> version_of(std::string program) override {
        auto& known = versions_[program]; // map nodes stay where they are
        auto now = steady_clock::now();
        if (!known.text.empty() && now - known.asked < version_holds)
            co_return known.text;
        std::string said;
        command_plan plan;
        plan.name = program;
        plan.command = {program, "--version"};
        plan.variables = clean_environment(current_environment());
        set_variable(plan.variables, "COREPACK_ENABLE_DOWNLOAD_PROMPT", "0");
        plan.working_directory = options_.working_directory;
        plan.deadline = std::chrono::seconds(20);
        plan.on_line = [&said](std::string_view line) {
            if (said.empty())
                said = std::string(line);
        };
        fs::path key = "version of " + program; // of no folder
        auto done = co_await runs_.run(std::move(key), std::move(plan));
        if (done.has_value())
            known = {said, now};
        else
            said.clear();
        co_return said;
    }

    void cancel(const fs::path& directory) override { runs_.cancel(directory); }

private:
    static command_plan git_plan(std::vector<std::string> command, const fs::path& directory,
                                 steady_clock::time_point end) {
        command_plan plan;
        plan.name = "git";
        plan.command = std::move(command);
        plan.variables = git_environment(current_environment(), directory);
        plan.working_directory = directory;
        auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now());
        plan.deadline = std::max(left, std::chrono::milliseconds(1));
        return plan;
    }

    /// Whether it ended well.
    task<bool> git(std::vector<std::string> words, const fs::path& directory, steady_clock::time_point end) {
        words.insert(words.begin(), "git");
        auto plan = git_plan(std::move(words), directory, end);
        auto where = directory;
        auto done = co_await runs_.run(std::move(where), std::move(plan));
        co_return done.has_value();
    }

    struct known_version {
        std::string text;
        steady_clock::time_point asked;
    };

    project_tools_options options_;
    command_runs runs_;
    std::map<std::string, known_version> versions_; // by program
};

} // namespace

std::vector<std::vector<std::string>> fetch_commands(const git_source& source, const fs::path& directory) {
    auto at = directory.string();
    auto inside = [&](std::initializer_list<std::string> words) {
        std::vector<std::string> command = {"git", "-C", at, "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"};
        command.insert(command.end(), words);
        return command;
    };
    return {
        {"git", "init", "-q", "--template=", "--", at},
        inside({"-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30", "fetch", "--progress", "--depth=1",
                "--no-tags", "--no-recurse-submodules", "--", source.url, source.ref.empty() ? "HEAD" : source.ref}),
        inside({"-c", "submodule.recurse=false", "-c", "advice.detachedHead=false", "checkout", "-q", "--detach",
                "FETCH_HEAD"}),
        inside({"rev-parse", "HEAD"})};
}

environment git_environment(const environment& own, const fs::path& directory) {
    auto variables = scaffold_environment(own, directory);
    std::erase_if(variables, [](const std::string& each) {
        for (std::string_view local : {"GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_OBJECT_DIRECTORY=",
                                       "GIT_ALTERNATE_OBJECT_DIRECTORIES=", "GIT_COMMON_DIR=", "GIT_PREFIX=",
                                       "GIT_NAMESPACE=", "GIT_SSH_COMMAND="})
            if (each.starts_with(local))
                return true;
        return false;
    });
    std::string ssh = "ssh";
    for (auto& each : own)
        if (each.starts_with("GIT_SSH_COMMAND="))
            ssh = each.substr(each.find('=') + 1);
    set_variable(variables, "GIT_SSH_COMMAND", ssh + " -oBatchMode=yes");
    set_variable(variables, "GIT_TERMINAL_PROMPT", "0");
    set_variable(variables, "GIT_ASKPASS", ""); // none, core.askPass and SSH_ASKPASS neither
    set_variable(variables, "SSH_ASKPASS_REQUIRE", "never");
    set_variable(variables, "GCM_INTERACTIVE", "never");
    set_variable(variables, "GIT_LFS_SKIP_SMUDGE", "1");
    set_variable(variables, "GIT_ALLOW_PROTOCOL", "https:ssh:file");
    return variables;
}

std::unique_ptr<project_tools> create_project_tools(asio::any_io_executor executor, project_tools_options options) {
    return std::make_unique<process_tools>(std::move(executor), std::move(options));
}

} // namespace berth
