#include "next/project.hpp"

#include "core/names.hpp"
#include "core/uninterrupted.hpp"
#include "core/unique_fd.hpp"
#include "core/worker.hpp"
#include "next/dev_script.hpp"
#include "next/package_manager.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace berth {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t most_named = 20; // scripts, in a sentence

error not_a_project(std::string detail) { return {errc::not_a_project, std::move(detail)}; }

bool is_there(const fs::path& path) {
    struct stat s;
    return ::stat(path.c_str(), &s) == 0;
}

/// The text of a regular file of at most max_package_json bytes; else errno says why not.
std::optional<std::string> read_file(const fs::path& path) {
    unique_fd file(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC); }));
    struct stat s;
    if (!file || ::fstat(file.get(), &s) < 0)
        return {};
    if (!S_ISREG(s.st_mode) || static_cast<std::size_t>(s.st_size) > max_package_json) {
        errno = S_ISREG(s.st_mode) ? EFBIG : EINVAL;
        return {};
    }
    std::string text(static_cast<std::size_t>(s.st_size), '\0');
    std::size_t have = 0;
    while (have < text.size()) {
        auto n = uninterrupted([&] { return ::read(file.get(), text.data() + have, text.size() - have); });
        if (n < 0)
            return {};
        if (n == 0)
            break;
        have += static_cast<std::size_t>(n);
    }
    text.resize(have);
    return text;
}

/// Of a folder that is not looked at in earnest: an empty object when it has none that can be read.
json package_in(const fs::path& folder) {
    auto text = read_file(folder / "package.json");
    auto package = text ? json::parse(*text, nullptr, false) : json::object();
    return package.is_object() ? package : json::object();
}

result<json> read_package(const fs::path& folder) {
    struct stat s;
    if (::stat(folder.c_str(), &s) < 0 && (errno == ENOENT || errno == ENOTDIR))
        return not_a_project(fmt::format("There is no folder {}. Was it moved or deleted? The app works again when it "
                                         "is back.",
                                         folder.native()));
    auto path = folder / "package.json";
    auto text = read_file(path);
    if (!text && errno == ENOENT)
        return not_a_project(fmt::format("There is no package.json in {}.", folder.native()));
    if (!text)
        return not_a_project(fmt::format("{} cannot be read: {}.", path.native(),
                                         boost::system::error_code(errno, boost::system::system_category()).message()));
    auto package = json::parse(*text, nullptr, false);
    if (!package.is_object())
        return not_a_project(fmt::format("{} is not the JSON object that npm expects.", path.native()));
    return result<json>(boost::system::in_place_value, std::move(package)); // json takes anything: say which it is
}

result<std::string> find_script(const json& package, const fs::path& folder, const std::string& name) {
    std::string others;
    std::size_t named = 0;
    if (auto scripts = package.find("scripts"); scripts != package.end() && scripts->is_object()) {
        for (auto& [key, value] : scripts->items()) {
            if (key == name && value.is_string())
                return value.get<std::string>();
            if (value.is_string() && named++ < most_named)
                others += (others.empty() ? "" : ", ") + printable(key);
        }
    }
    auto has = others.empty() ? std::string("It has none at all.") : "It has " + others + ".";
    return not_a_project(fmt::format("package.json in {} has no script {}. {}", folder.native(), in_quotes(name), has));
}

std::optional<package_manager> said_by(const fs::path& folder, const json& package) {
    std::vector<std::string> locks;
    for (auto manager : all_package_managers)
        for (auto name : lock_files(manager))
            if (is_there(folder / name))
                locks.emplace_back(name);
    std::optional<std::string> declared;
    if (auto field = package.find("packageManager"); field != package.end() && field->is_string())
        declared = field->get<std::string>();
    return find_package_manager(locks, declared);
}

/// The folder above which nothing is the project's: the top of its git repository, or itself.
fs::path top_of(const fs::path& folder) {
    for (auto at = folder;; at = at.parent_path()) {
        if (is_there(at / ".git"))
            return at;
        if (at == at.parent_path())
            return folder;
    }
}

/// The nearest folder that says it: its own; where it may be a part of more, one above it in its repository, or the
/// root of a workspace. A lock file that lies about in the home folder is nobody's.
package_manager manager_of(const fs::path& folder, const json& package, bool part_of_more) {
    if (auto own = said_by(folder, package))
        return *own;
    if (!part_of_more)
        return package_manager::npm;
    auto top = top_of(folder);
    bool inside = folder != top;
    for (auto at = folder; at != at.parent_path();) {
        at = at.parent_path();
        auto above = package_in(at);
        bool is_workspace = above.contains("workspaces") || is_there(at / "pnpm-workspace.yaml");
        if (inside || is_workspace)
            if (auto said = said_by(at, above))
                return *said;
        if (at == top)
            break;
    }
    return package_manager::npm;
}

std::string user_name(uid_t id) {
    char text[4096];
    passwd entry{}, *user = nullptr;
    if (::getpwuid_r(id, &entry, text, sizeof text, &user) == 0 && user)
        return user->pw_name;
    return "user " + std::to_string(id);
}

class disk_projects final : public projects {
public:
    disk_projects(asio::any_io_executor home, asio::thread_pool& pool)
        : home_(std::move(home)), pool_(pool.get_executor()) {}

    task<result<launch>> plan(launch_wish wish) override {
        auto work = [wish = std::move(wish)] { return plan_launch(wish); };
        return run_on(pool_, home_, std::move(work));
    }

    task<result<fs::path>> inspect(fs::path given, std::string script) override {
        auto work = [given = std::move(given), script = std::move(script)] { return inspect_project(given, script); };
        return run_on(pool_, home_, std::move(work));
    }

private:
    asio::any_io_executor home_;
    asio::thread_pool::executor_type pool_;
};

} // namespace

result<launch> plan_launch(const launch_wish& wish) {
    auto package = read_package(wish.folder);
    if (!package)
        return package.error();
    auto script = find_script(*package, wish.folder, wish.script);
    if (!script)
        return script.error();
    std::vector<std::string> words;
    if (!wish.lan && may_be_told_its_host(*script))
        words = {"-H", "127.0.0.1"};
    auto manager = manager_of(wish.folder, *package, wish.part_of_more);
    return launch{run_command(manager, wish.script, words), std::string(name_of(manager)), *script};
}

result<fs::path> inspect_project(const fs::path& given, const std::string& script) {
    std::error_code failed;
    auto real = fs::canonical(given, failed);
    if (failed)
        return not_a_project(
            fmt::format("{} cannot be adopted: {}.", printable(given.native(), 400), failed.message()));
    struct stat s;
    if (::stat(real.c_str(), &s) < 0 || !S_ISDIR(s.st_mode))
        return not_a_project(fmt::format("{} is not a folder.", printable(given.native(), 400)));
    if (!is_utf8(real.native()))
        return not_a_project(fmt::format("{} has a name that is not UTF-8, and could not be written down.",
                                         printable(given.native(), 400)));
    if (s.st_uid != ::geteuid())
        return not_a_project(
            fmt::format("{} belongs to {}, and Berth runs as {}: it runs only what is that user's own.", real.native(),
                        user_name(s.st_uid), user_name(::geteuid())));
    if (real == real.root_path())
        return not_a_project("/ is not a project.");
    if (script.empty() || script.starts_with('-'))
        return not_a_project(fmt::format("{} is no name of a script that could be run.", in_quotes(script)));
    auto fit = plan_launch({real, true, script, false});
    if (!fit)
        return fit.error();
    return real;
}

std::unique_ptr<projects> create_projects(asio::any_io_executor home, asio::thread_pool& pool) {
    return std::make_unique<disk_projects>(std::move(home), pool);
}

} // namespace berth
