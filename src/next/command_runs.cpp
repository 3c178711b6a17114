#include "next/command_runs.hpp"

#include "core/line_splitter.hpp"
#include "core/output_text.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <array>

#include <signal.h>

namespace berth {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t line_length = 500; // bytes
constexpr std::size_t kept_lines = 20;

} // namespace

class command_runs::one {
public:
    one(std::unique_ptr<child_process> child, command_plan plan)
        : child_(std::move(child)), plan_(std::move(plan)), alarm_(child_->output().get_executor()),
          drain_(child_->output().get_executor()) {}

    task<result<>> finish() {
        using namespace asio::experimental::awaitable_operators;
        co_await (read() && watch_exit() && watch_time());
        if (cancelled_)
            co_return error{errc::cancelled, "It was cancelled."};
        if (status_.code == 0 && !timed_out_)
            co_return result<>();
        co_return error{plan_.failure, why()};
    }

    /// SIGTERM to the group now, SIGKILL when it is not gone in time.
    void cancel() {
        cancelled_ = true;
        end();
    }

private:
    void end() {
        if (ending_ || exited_)
            return;
        ending_ = true;
        child_->signal_group(SIGTERM);
        alarm_.cancel(); // watch_time() goes on with the patience
    }

    task<> read() {
        line_splitter lines(16 * line_length, line_splitter::overlong::cut);
        auto take = [this](std::string_view raw) {
            auto line = plain_line(raw, line_length);
            if (line.find_first_not_of(' ') == std::string::npos)
                return;
            if (plan_.on_line)
                plan_.on_line(line);
            last_.add(std::move(line));
        };
        std::array<char, 4096> buffer;
        for (;;) {
            auto space = asio::buffer(buffer);
            auto [failed, size] = co_await child_->output().async_read_some(space, as_result);
            if (failed)
                break;
            lines.feed({buffer.data(), size}, take);
        }
        lines.end(take);
        reading_ = false;
        drain_.cancel();
    }

    task<> watch_exit() {
        co_await child_->ended();
        // Whatever of its group is left must not outlive it: before reap(), as the group keeps its number until then.
        child_->signal_group(SIGKILL);
        status_ = child_->reap();
        exited_ = true;
        alarm_.cancel();
        if (reading_) { // its last words; somebody who left the group may hold the pipe for ever
            drain_.expires_after(500ms);
            co_await drain_.async_wait(as_result);
        }
        boost::system::error_code ignored;
        child_->output().close(ignored);
        // SIGKILL works soon, not at once. The bound is for systems where nobody collects orphans: they stay zombies.
        for (int tries = 0; child_->group_exists() && tries < 100; ++tries) {
            drain_.expires_after(2ms);
            co_await drain_.async_wait(as_result);
        }
    }

    task<> watch_time() {
        if (!exited_ && !ending_) {
            alarm_.expires_after(plan_.deadline);
            co_await alarm_.async_wait(as_result);
        }
        if (!exited_ && !ending_) {
            timed_out_ = true;
            end();
        }
        if (!exited_) {
            alarm_.expires_after(plan_.patience);
            co_await alarm_.async_wait(as_result);
        }
        if (!exited_)
            child_->signal_group(SIGKILL);
    }

    std::string why() const {
        using minutes = std::chrono::duration<double, std::ratio<60>>;
        auto text = fmt::format("{} ended with {}.", plan_.name, describe(status_));
        if (timed_out_)
            text = fmt::format("{} did not end within {:.3g} minutes and was ended.", plan_.name,
                               std::chrono::duration_cast<minutes>(plan_.deadline).count());
        auto lines = last_.text();
        return lines.empty() ? fmt::format("{} It printed nothing.", text)
                             : fmt::format("{} Its last lines:\n{}", text, lines);
    }

    std::unique_ptr<child_process> child_;
    command_plan plan_;
    asio::steady_timer alarm_, drain_;
    last_lines last_{kept_lines};
    exit_status status_;
    bool reading_ = true, exited_ = false, ending_ = false, cancelled_ = false, timed_out_ = false;
};

/// Takes a run out of the map however its coroutine ends.
struct command_runs::registration {
    registration(std::shared_ptr<run_map> map, std::filesystem::path where, one* run)
        : map_(std::move(map)), directory_(std::move(where)) {
        (*map_)[directory_] = run;
    }
    ~registration() { map_->erase(directory_); }
    registration(const registration&) = delete;
    std::shared_ptr<run_map> map_;
    std::filesystem::path directory_;
};

task<result<>> command_runs::run(std::filesystem::path directory, command_plan plan) {
    child_options how;
    how.command = plan.command;
    how.variables = plan.variables;
    how.directory = plan.working_directory;
    how.marks_session = true;
    auto child = spawn_(executor_, how);
    if (!child)
        co_return error{plan.failure, fmt::format("{} could not run: {}.", plan.name, child.error().detail)};
    one run(*std::move(child), std::move(plan));
    registration mine{runs_, std::move(directory), &run};
    co_return co_await run.finish();
}

void command_runs::cancel(const std::filesystem::path& directory) {
    if (auto found = runs_->find(directory); found != runs_->end())
        found->second->cancel();
}

} // namespace berth
