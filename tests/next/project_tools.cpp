// With the real git and npm, without a network: repositories are folders, dependencies none.
#include "next/project_tools.hpp"

#include "machine/child_process.hpp"

#include "support/reactor.hpp"

#include <boost/asio/detached.hpp>

#include <cstdlib>

using namespace berth;
using namespace berth::test;

namespace fs = std::filesystem;

namespace {

std::optional<std::string> value_of(const environment& variables, const std::string& name) {
    for (auto& each : variables)
        if (each.starts_with(name + "="))
            return each.substr(name.size() + 1);
    return {};
}

struct tooling : reactor {
    temp_folder folder;
    fs::path target = folder / "tree";
    std::vector<std::string> lines;
    std::unique_ptr<project_tools> tools = make();

    tooling() {
        ::setenv("GIT_CONFIG_GLOBAL", (folder / "gitconfig").c_str(), 1);
        ::setenv("GIT_CONFIG_SYSTEM", "/dev/null", 1);
        write_file(folder / "gitconfig", "[user]\n\tname = Ada\n\temail = ada@example.org\n");
    }
    ~tooling() {
        ::unsetenv("GIT_CONFIG_GLOBAL");
        ::unsetenv("GIT_CONFIG_SYSTEM");
    }
    std::unique_ptr<project_tools> make() {
        project_tools_options options;
        options.spawn = spawn_child;
        options.working_directory = folder.path();
        return create_project_tools(io.get_executor(), options);
    }
    project_tools::line_sink keep() {
        return [this](std::string_view line) { lines.emplace_back(line); };
    }
    void shell(const std::string& line) {
        BOOST_REQUIRE(std::system(("cd " + folder.path().string() + " && " + line).c_str()) == 0);
    }
    /// A repository with a file `text` on each of two branches, and a hook that would tell.
    git_source repository() {
        shell("git init -q -b main repo && cd repo && echo one > text && git add -A && git commit -q -m one && "
              "git checkout -q -b other && echo two > text && git commit -q -am two && git checkout -q main");
        return {"file://" + (folder / "repo").string(), {}};
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(project_tool_runs, tooling)

BOOST_AUTO_TEST_CASE(git_asks_nobody) {
    environment own = {"GIT_DIR=/elsewhere", "GIT_SSH_COMMAND=ssh -i key", "HOME=/home/ada", "GIT_ASKPASS=/bin/ask"};
    auto variables = git_environment(own, "/x");
    BOOST_TEST(!value_of(variables, "GIT_DIR"));
    BOOST_TEST(value_of(variables, "GIT_SSH_COMMAND").value() == "ssh -i key -oBatchMode=yes");
    BOOST_TEST(value_of(variables, "GIT_TERMINAL_PROMPT").value() == "0");
    BOOST_TEST(value_of(variables, "GIT_ASKPASS").value() == "");
    BOOST_TEST(value_of(variables, "GIT_ALLOW_PROTOCOL").value() == "https:ssh:file");
    BOOST_TEST(value_of(variables, "BERTH_SCAFFOLD").value() == "/x");
    BOOST_TEST(value_of(variables, "HOME").value() == "/home/ada");
}

BOOST_AUTO_TEST_CASE(the_first_branch_another_and_a_commit) {
    auto source = repository();
    auto fetched = run(tools->fetch(source, target, keep()));
    BOOST_REQUIRE_MESSAGE(fetched.has_value(), fetched.error().detail);
    BOOST_TEST(fetched->size() == 40u);
    BOOST_TEST(read_file(target / "text") == "one\n");
    source.ref = "other";
    auto other = folder / "other";
    auto second = run(tools->fetch(source, other, keep()));
    BOOST_REQUIRE(second.has_value());
    BOOST_TEST(read_file(other / "text") == "two\n");
    source.ref = *fetched;
    auto exact = folder / "exact";
    auto third = run(tools->fetch(source, exact, keep()));
    BOOST_REQUIRE_MESSAGE(third.has_value(), third.error().detail);
    BOOST_TEST(*third == *fetched);
}

BOOST_AUTO_TEST_CASE(a_repository_that_is_not_there) {
    git_source source{"file://" + (folder / "nothing").string(), {}};
    auto fetched = run(tools->fetch(source, target, keep()));
    BOOST_REQUIRE(fetched.has_error());
    BOOST_TEST((fetched.error().code == errc::template_failed));
    BOOST_TEST(fetched.error().detail.find("git ended with exit code") == 0u, fetched.error().detail);
}

BOOST_AUTO_TEST_CASE(no_hook_runs) {
    auto source = repository();
    shell("mkdir -p hooks && printf '#!/bin/sh\\ntouch %s\\n' " + (folder / "ran").string() +
          " > hooks/post-checkout && chmod +x hooks/post-checkout && cp hooks/post-checkout hooks/pre-commit && "
          "git config --file gitconfig --add user.name Ada && git config --file gitconfig core.hooksPath " +
          (folder / "hooks").string());
    auto fetched = run(tools->fetch(source, target, keep()));
    BOOST_TEST(fetched.has_value());
    fs::remove_all(target / ".git");
    std::string message = "first";
    run(tools->begin_history(target, message));
    BOOST_TEST(fs::exists(target / ".git"));
    BOOST_TEST(!fs::exists(folder / "ran"));
}

BOOST_AUTO_TEST_CASE(a_history_begins_without_node_modules) {
    fs::create_directories(target / "node_modules/x");
    write_file(target / "node_modules/x/index.js", "x");
    write_file(target / "text", "x");
    std::string message = "Initial \"commit\"; $(date)";
    run(tools->begin_history(target, message));
    shell("cd tree && git log --format=%s%an > ../log && git ls-files > ../files && git branch --show-current > "
          "../branch");
    BOOST_TEST(read_file(folder / "log") == message + "Ada\n");
    BOOST_TEST(read_file(folder / "files") == "text\n");
    BOOST_TEST(read_file(folder / "branch") == "main\n");
}

BOOST_AUTO_TEST_CASE(no_history_without_a_name_nor_inside_another) {
    fs::create_directories(target);
    write_file(target / "text", "x");
    shell("git config --file gitconfig user.useConfigOnly true && git config --file gitconfig --unset user.name && "
          "git config --file gitconfig --unset user.email");
    std::string message = "first";
    run(tools->begin_history(target, message));
    BOOST_TEST(!fs::exists(target / ".git"));
    write_file(folder / "gitconfig", "[user]\n\tname = Ada\n\temail = ada@example.org\n");
    shell("git init -q");
    run(tools->begin_history(target, message));
    BOOST_TEST(!fs::exists(target / ".git"));
}

BOOST_AUTO_TEST_CASE(installs_by_the_lock_file_or_says_what_is_missing) {
    fs::create_directories(target);
    auto none = run(tools->install(target, keep()));
    BOOST_REQUIRE(none.has_error());
    BOOST_TEST(none.error().detail.find("package.json") != std::string::npos);
    write_file(target / "package.json",
               R"({"name": "x", "version": "1.0.0", "scripts": {"postinstall": "echo installed by hand"}})");
    auto installed = run(tools->install(target, keep()));
    BOOST_REQUIRE_MESSAGE(installed.has_value(), installed.error().detail);
    BOOST_TEST(installed->starts_with("npm "));
    BOOST_TEST(fs::exists(target / "package-lock.json"));
    installed = run(tools->install(target, keep())); // npm ci
    BOOST_TEST(installed.has_value());
    auto path = std::string(::getenv("PATH"));
    shell("mkdir bin && ln -s $(command -v node) bin/node");
    ::setenv("PATH", (folder / "bin").c_str(), 1);
    auto bare = make();
    write_file(target / "package.json", R"({"packageManager": "bun@1.2.0"})");
    fs::remove(target / "package-lock.json");
    auto missing = run(bare->install(target, keep()));
    ::setenv("PATH", path.c_str(), 1);
    BOOST_REQUIRE(missing.has_error());
    BOOST_TEST(missing.error().detail == "This project is installed by bun. bun is not installed: npm install -g bun");
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_it) {
    fs::create_directories(target);
    write_file(target / "package.json", R"({"scripts": {"preinstall": "sleep 1000"}})");
    auto cancel = [&]() -> task<> {
        co_await until("npm runs", [&] { return !pids_with("BERTH_SCAFFOLD=" + target.string()).empty(); });
        tools->cancel(target);
    };
    std::optional<result<std::string>> ended;
    auto both = [&]() -> task<> {
        asio::co_spawn(io, cancel(), asio::detached);
        ended = co_await tools->install(target, keep());
    };
    run(both());
    BOOST_TEST((ended->error().code == errc::cancelled));
    BOOST_TEST(pids_with("BERTH_SCAFFOLD=" + target.string()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
