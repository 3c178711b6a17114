#include "next/scaffold.hpp"

#include "core/child_process.hpp"
#include "core/line_splitter.hpp"
#include "next/output_text.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <array>
#include <map>

#include <signal.h>

namespace berth {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t line_length = 500; // bytes
constexpr std::size_t kept_lines = 20;

/// One run of the command.
class scaffold_run {
public:
    scaffold_run(std::unique_ptr<child_process> child, std::function<void(std::string_view)> on_line,
                 const scaffold_options& options)
        : child_(std::move(child)), on_line_(std::move(on_line)), deadline_(options.deadline),
          patience_(options.patience), alarm_(child_->output().get_executor()),
          drain_(child_->output().get_executor()) {}

    task<result<>> finish() {
        using namespace asio::experimental::awaitable_operators;
        co_await (read() && watch_exit() && watch_time());
        if (cancelled_)
            co_return error{errc::cancelled, "The create was cancelled."};
        if (status_.code == 0 && !timed_out_)
            co_return result<>();
        co_return error{errc::scaffold_failed, why()};
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
            if (on_line_)
                on_line_(line);
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
            alarm_.expires_after(deadline_);
            co_await alarm_.async_wait(as_result);
        }
        if (!exited_ && !ending_) {
            timed_out_ = true;
            end();
        }
        if (!exited_) {
            alarm_.expires_after(patience_);
            co_await alarm_.async_wait(as_result);
        }
        if (!exited_)
            child_->signal_group(SIGKILL);
    }

    std::string why() const {
        using minutes = std::chrono::duration<double, std::ratio<60>>;
        auto text = fmt::format("The scaffold command ended with {}.", describe(status_));
        if (timed_out_)
            text = fmt::format("The scaffold command did not end within {:.3g} minutes and was ended.",
                               std::chrono::duration_cast<minutes>(deadline_).count());
        auto lines = last_.text();
        return lines.empty() ? fmt::format("{} It printed nothing.", text)
                             : fmt::format("{} Its last lines:\n{}", text, lines);
    }

    std::unique_ptr<child_process> child_;
    std::function<void(std::string_view)> on_line_;
    std::chrono::milliseconds deadline_, patience_;
    asio::steady_timer alarm_, drain_;
    last_lines last_{kept_lines};
    exit_status status_;
    bool reading_ = true, exited_ = false, ending_ = false, cancelled_ = false, timed_out_ = false;
};

class process_scaffolder final : public scaffolder {
public:
    process_scaffolder(asio::any_io_executor executor, scaffold_options options)
        : executor_(std::move(executor)), options_(std::move(options)) {}

    task<result<>> run(std::filesystem::path directory, std::function<void(std::string_view)> on_line) override {
        child_options how;
        how.command = scaffold_command(options_, directory);
        how.variables = scaffold_environment(current_environment(), directory);
        how.directory = options_.working_directory;
        how.marks_session = true;
        auto child = options_.spawn(executor_, how);
        if (!child)
            co_return error{errc::scaffold_failed,
                            fmt::format("The scaffold command could not run: {}.", child.error().detail)};
        scaffold_run run(*std::move(child), std::move(on_line), options_);
        registration mine{runs_, directory, &run};
        co_return co_await run.finish();
    }

    void cancel(const std::filesystem::path& directory) override {
        if (auto found = runs_->find(directory); found != runs_->end())
            found->second->cancel();
    }

private:
    using run_map = std::map<std::filesystem::path, scaffold_run*>;

    /// Takes a run out of the map however its coroutine ends; the map is shared, as that may be after the scaffolder.
    struct registration {
        registration(std::shared_ptr<run_map> map, std::filesystem::path directory, scaffold_run* run)
            : map_(std::move(map)), directory_(std::move(directory)) {
            (*map_)[directory_] = run;
        }
        ~registration() { map_->erase(directory_); }
        registration(const registration&) = delete;
        std::shared_ptr<run_map> map_;
        std::filesystem::path directory_;
    };

    asio::any_io_executor executor_;
    scaffold_options options_;
    std::shared_ptr<run_map> runs_ = std::make_shared<run_map>();
};

} // namespace

std::vector<std::string> scaffold_command(const scaffold_options& options, const std::filesystem::path& directory) {
    if (options.command.empty())
        return {"npx",
                "--yes",
                "create-next-app@latest",
                directory.string(),
                "--yes",
                "--use-npm",
                "--ts",
                "--tailwind",
                "--eslint",
                "--app",
                "--src-dir",
                "--no-import-alias"};
    auto command = options.command;
    command.push_back(directory.string());
    return command;
}

environment scaffold_environment(const environment& own, const std::filesystem::path& directory) {
    auto variables = clean_environment(own);
    set_variable(variables, "BERTH_SCAFFOLD", directory.string());
    set_variable(variables, "CI", "1");
    set_variable(variables, "NO_COLOR", "1");
    set_variable(variables, "npm_config_fund", "false");
    set_variable(variables, "npm_config_audit", "false");
    set_variable(variables, "npm_config_update_notifier", "false");
    if (!has_variable(variables, "NEXT_TELEMETRY_DISABLED"))
        set_variable(variables, "NEXT_TELEMETRY_DISABLED", "1");
    return variables;
}

std::unique_ptr<scaffolder> create_scaffolder(asio::any_io_executor executor, scaffold_options options) {
    return std::make_unique<process_scaffolder>(std::move(executor), std::move(options));
}

} // namespace berth
