#include "next/scaffold.hpp"

#include "machine/child_process.hpp"

#include "support/reactor.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

using namespace berth;
using namespace berth::test;

namespace {

struct scaffolding : reactor {
    temp_folder folder;
    std::vector<std::string> lines;
    std::filesystem::path target = folder / "aaaaaaaaaa";
    std::string marker = "BERTH_SCAFFOLD=" + target.string();

    ~scaffolding() { end_all_with(marker); }

    std::unique_ptr<scaffolder> make(const std::string& script, scaffold_options options = {}) {
        options.command = {"sh", "-c", script, "sh"};
        options.working_directory = folder.path();
        options.spawn = spawn_child;
        return create_scaffolder(io.get_executor(), std::move(options));
    }
    std::function<void(std::string_view)> keep() {
        return [this](std::string_view line) { lines.emplace_back(line); };
    }
    bool said(const std::string& line) const { return std::find(lines.begin(), lines.end(), line) != lines.end(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(scaffolds, scaffolding)

BOOST_AUTO_TEST_CASE(the_command_runs_and_its_lines_are_told) {
    auto maker =
        make("mkdir \"$1\" && printf '\\033[32mmade\\033[0m %s\\n' \"$(basename \"$1\")\"; echo; echo warning >&2; "
             "cat; pwd; echo \"$CI$BERTH_SCAFFOLD\"; printf 'no newline'");
    auto done = run(maker->run(target, keep()));
    BOOST_TEST(done.has_value());
    BOOST_TEST(std::filesystem::is_directory(target));
    BOOST_TEST((lines == std::vector<std::string>{"made aaaaaaaaaa", "warning", folder.path().string(),
                                                  "1" + target.string(), "no newline"}));
}

BOOST_AUTO_TEST_CASE(a_failure_holds_the_last_twenty_lines) {
    auto maker = make("for i in $(seq 1 50); do echo line $i; done; exit 3");
    auto done = run(maker->run(target, keep()));
    BOOST_REQUIRE(!done);
    BOOST_TEST((done.error().code == errc::scaffold_failed));
    auto text = done.error().detail;
    BOOST_TEST(text.find("exit code 3") != std::string::npos);
    BOOST_TEST(text.ends_with("\nline 49\nline 50"));
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 20);
    BOOST_TEST(text.find("line 30\n") == std::string::npos);
    BOOST_TEST(lines.size() == 50u);
}

BOOST_AUTO_TEST_CASE(a_signal_and_a_missing_program_are_said) {
    auto killed = run(make("kill -9 $$")->run(target, keep()));
    BOOST_REQUIRE(!killed);
    BOOST_TEST(killed.error().detail == "The scaffold command ended with SIGKILL. It printed nothing.");
    scaffold_options options;
    options.command = {"no-such-program-here"};
    options.spawn = spawn_child;
    auto maker = create_scaffolder(io.get_executor(), options);
    auto missing = run(maker->run(target, keep()));
    BOOST_REQUIRE(!missing);
    BOOST_TEST((missing.error().code == errc::scaffold_failed));
    BOOST_TEST(missing.error().detail.find("no-such-program-here was not found") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_the_whole_group_deaf_ones_too) {
    using namespace asio::experimental::awaitable_operators;
    scaffold_options options;
    options.patience = 300ms;
    auto maker = make("trap '' TERM; sleep 1000 & echo started; while :; do sleep 1000; done", options);
    auto cancel = [&]() -> task<> {
        co_await until("it runs", [&] { return said("started"); });
        maker->cancel(folder / "another"); // not this one
        maker->cancel(target);
        maker->cancel(target);
    };
    auto both = [&]() -> task<result<>> {
        auto done = co_await (maker->run(target, keep()) && cancel());
        co_return done;
    };
    auto done = run(both());
    BOOST_REQUIRE(!done);
    BOOST_TEST((done.error().code == errc::cancelled));
    BOOST_TEST(pids_with(marker).empty());
}

BOOST_AUTO_TEST_CASE(one_that_does_not_end_is_ended) {
    scaffold_options options;
    options.deadline = 200ms;
    options.patience = 200ms;
    auto maker = make("echo working; exec sleep 1000", options);
    auto done = run(maker->run(target, keep()));
    BOOST_REQUIRE(!done);
    BOOST_TEST((done.error().code == errc::scaffold_failed));
    BOOST_TEST(done.error().detail.find("did not end within") != std::string::npos);
    BOOST_TEST(done.error().detail.ends_with("working"));
    BOOST_TEST(pids_with(marker).empty());
}

BOOST_AUTO_TEST_CASE(nothing_of_it_lives_on_after_a_success) {
    auto maker = make("sleep 1000 & sleep 1000 >/dev/null 2>&1 & echo done");
    BOOST_TEST(run(maker->run(target, keep())).has_value());
    BOOST_TEST(said("done"));
    BOOST_TEST(pids_with(marker).empty());
}

BOOST_AUTO_TEST_CASE(the_default_is_create_next_app) {
    auto command = scaffold_command({}, "/r/created-apps/x");
    BOOST_TEST((command == std::vector<std::string>{"npx", "--yes", "create-next-app@latest", "/r/created-apps/x",
                                                    "--yes", "--use-npm", "--ts", "--tailwind", "--eslint", "--app",
                                                    "--src-dir", "--no-import-alias"}));
    scaffold_options own;
    own.command = {"cp", "-r", "my template"};
    BOOST_TEST((scaffold_command(own, "/r/x") == std::vector<std::string>{"cp", "-r", "my template", "/r/x"}));
    auto variables =
        scaffold_environment({"NODE_ENV=production", "PORT=1", "HOME=/h", "NEXT_TELEMETRY_DISABLED=0"}, "/r/x");
    BOOST_TEST(has_variable(variables, "HOME"));
    BOOST_TEST(has_variable(variables, "CI"));
    BOOST_TEST(!has_variable(variables, "NODE_ENV"));
    BOOST_TEST(!has_variable(variables, "PORT"));
    BOOST_TEST((std::find(variables.begin(), variables.end(), "NEXT_TELEMETRY_DISABLED=0") != variables.end()));
    BOOST_TEST((std::find(variables.begin(), variables.end(), "BERTH_SCAFFOLD=/r/x") != variables.end()));
}

BOOST_AUTO_TEST_SUITE_END()
