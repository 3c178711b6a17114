#include "machine/child_process.hpp"

#include "support/reactor.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <sstream>

#include <fcntl.h>
#include <signal.h>

using namespace berth;
using namespace berth::test;

namespace {

struct ran {
    std::string output, channel;
    exit_status status;
};

/// Writes the input, reads all output, collects the child.
task<ran> run_to_end(const asio::any_io_executor& executor, child_options options, std::string input) {
    ran result;
    auto started = spawn_child(executor, options);
    BOOST_REQUIRE_MESSAGE(started, started.error().detail);
    auto& child = **started;
    if (options.input) {
        auto bytes = asio::buffer(input);
        co_await asio::async_write(child.input(), bytes, as_result);
        child.input().close();
    }
    auto out = asio::dynamic_buffer(result.output);
    co_await asio::async_read(child.output(), out, as_result);
    if (options.channel) {
        auto channel = asio::dynamic_buffer(result.channel);
        co_await asio::async_read(child.channel(), channel, as_result);
    }
    bool ended = co_await child.ended();
    BOOST_TEST(ended);
    result.status = child.reap();
    co_return result;
}

child_options shell(const std::string& script) {
    child_options options;
    options.command = {"sh", "-c", script};
    options.variables = current_environment();
    return options;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(child_processes, reactor)

BOOST_AUTO_TEST_CASE(pipes_status_environment_and_directory) {
    temp_folder folder;
    auto options = shell("cat; pwd; echo $MINE; echo error >&2; echo three >&3; exit 7");
    options.input = options.channel = true;
    options.directory = folder.path();
    set_variable(options.variables, "MINE", "yes");
    auto result = run(run_to_end(io.get_executor(), options, "in\n"));
    BOOST_TEST(result.output == "in\n" + folder.path().string() + "\nyes\nerror\n");
    BOOST_TEST(result.channel == "three\n");
    BOOST_TEST(result.status.code.value() == 7);
    BOOST_TEST(describe(result.status) == "exit code 7");
}

BOOST_AUTO_TEST_CASE(without_a_pipe_stdin_is_empty) {
    auto result = run(run_to_end(io.get_executor(), shell("cat; echo end"), ""));
    BOOST_TEST(result.output == "end\n");
}

BOOST_AUTO_TEST_CASE(it_inherits_no_descriptor) {
    int ours = ::open("/dev/null", O_RDONLY); // inheritable, on purpose
    auto started = spawn_child(io.get_executor(), shell("exec sleep 1000"));
    ::close(ours);
    BOOST_REQUIRE(started);
    auto open_in_child = [&] {
        std::set<std::string> names;
        for (auto& each : std::filesystem::directory_iterator("/proc/" + std::to_string((*started)->pid()) + "/fd"))
            names.insert(each.path().filename());
        return names;
    };
    // The shell, and sleep as it starts, may have a file of their own open for a moment.
    run(until("only 0, 1 and 2 are open", [&] { return open_in_child() == std::set<std::string>{"0", "1", "2"}; }));
}

BOOST_AUTO_TEST_CASE(signals_are_as_a_program_expects_them) {
    sigset_t blocked, before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    auto result = run(run_to_end(io.get_executor(), shell("grep -E 'Sig(Blk|Ign)' /proc/self/status | cut -f2"), ""));
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    BOOST_TEST(result.output.starts_with("0000000000000000\n"));
    auto ignored = std::stoull(result.output.substr(17), nullptr, 16);
    BOOST_TEST((ignored & 0x7fffffff) == 0u); // 32 and 33 are glibc's own
    auto killed = run(run_to_end(io.get_executor(), shell("kill -9 $$"), ""));
    BOOST_TEST(killed.status.signal.value() == SIGKILL);
    BOOST_TEST(describe(killed.status) == "SIGKILL");
}

BOOST_AUTO_TEST_CASE(a_group_is_ended_as_one) {
    auto started = spawn_child(io.get_executor(), shell("sleep 1000 & echo $!; wait"));
    BOOST_REQUIRE(started);
    auto& child = **started;
    BOOST_TEST(::getpgid(child.pid()) == child.pid());
    auto use = [&]() -> task<std::string> {
        std::string line;
        auto buffer = asio::dynamic_buffer(line);
        co_await asio::async_read(child.output(), buffer, asio::transfer_at_least(2), as_result);
        child.signal_group(SIGKILL);
        co_await child.ended();
        child.reap();
        co_return line;
    };
    auto grandchild = std::stoi(run(use()));
    run(until("the grandchild has ended", [&] { return !alive(grandchild); }));
}

BOOST_AUTO_TEST_CASE(it_leads_a_session_and_is_told_which) {
    auto options = shell("echo $$ $(cut -d' ' -f6 /proc/$$/stat) $BERTH_SESSION \"$0\" \"$1\"");
    options.command.insert(options.command.end(), {"a b", "$c"}); // handed on as they are
    options.marks_session = true;
    auto marked = run(run_to_end(io.get_executor(), options, ""));
    std::istringstream words(marked.output);
    int pid = 0, session = 0, told = 0;
    words >> pid >> session >> told;
    BOOST_TEST(pid > 0);
    BOOST_TEST(session == pid);
    BOOST_TEST(told == pid);
    BOOST_TEST(marked.output.ends_with(" a b $c\n"));
    options.marks_session = false;
    auto plain = run(run_to_end(io.get_executor(), options, ""));
    std::istringstream others(plain.output);
    others >> pid >> session;
    BOOST_TEST(session == pid);
}

BOOST_AUTO_TEST_CASE(one_that_nobody_waits_for_does_not_stay) {
    int pid = 0;
    {
        auto started = spawn_child(io.get_executor(), shell("sleep 1000"));
        BOOST_REQUIRE(started);
        pid = (*started)->pid();
        BOOST_TEST(alive(pid));
    }
    BOOST_TEST(!alive(pid));
}

BOOST_AUTO_TEST_CASE(what_cannot_start_is_an_error) {
    child_options options;
    options.command = {"no-such-program-here"};
    for (bool marks : {false, true}) {
        options.marks_session = marks;
        auto missing = spawn_child(io.get_executor(), options);
        BOOST_REQUIRE(!missing);
        BOOST_TEST(missing.error().detail == "no-such-program-here was not found");
    }
    options.command = {"sh"};
    options.directory = "/no/such/folder";
    auto nowhere = spawn_child(io.get_executor(), options);
    BOOST_REQUIRE(!nowhere);
    BOOST_TEST(nowhere.error().detail.find("there is no folder /no/such/folder") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left_open) {
    auto count = [] {
        std::filesystem::directory_iterator all("/proc/self/fd"), end;
        return std::distance(all, end);
    };
    run(run_to_end(io.get_executor(), shell("true"), ""));
    auto before = count();
    for (int i = 0; i < 20; ++i)
        run(run_to_end(io.get_executor(), shell("true"), ""));
    BOOST_TEST(count() == before);
}

BOOST_AUTO_TEST_SUITE_END()
