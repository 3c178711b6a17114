#include "next/scaffold.hpp"

#include "core/child_process.hpp"
#include "next/command_runs.hpp"

#include <fmt/format.h>

namespace berth {
namespace {

class process_scaffolder final : public scaffolder {
public:
    process_scaffolder(asio::any_io_executor executor, scaffold_options options)
        : options_(std::move(options)), runs_(std::move(executor), options_.spawn) {}

    task<result<>> run(std::filesystem::path directory, std::function<void(std::string_view)> on_line) override {
        command_plan plan;
        plan.name = "The scaffold command";
        plan.failure = errc::scaffold_failed;
        plan.command = scaffold_command(options_, directory);
        plan.variables = scaffold_environment(current_environment(), directory);
        plan.working_directory = options_.working_directory;
        plan.deadline = options_.deadline;
        plan.patience = options_.patience;
        plan.on_line = std::move(on_line);
        auto ended = co_await runs_.run(std::move(directory), std::move(plan));
        co_return ended;
    }

    bool is_built_in() const override { return options_.command.empty(); }
    void cancel(const std::filesystem::path& directory) override { runs_.cancel(directory); }

private:
    scaffold_options options_;
    command_runs runs_;
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
