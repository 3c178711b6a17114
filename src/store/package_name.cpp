#include "store/package_name.hpp"

#include "core/uninterrupted.hpp"
#include "core/unique_fd.hpp"
#include "store/file_system.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <vector>

namespace berth {
namespace {

struct piece {
    std::size_t at, size;
};

/// Walks over a text that is known to be JSON, and notes where the values of names stand.
class name_finder {
public:
    explicit name_finder(std::string_view text) : text_(text) {}

    std::vector<piece> find() {
        blanks();
        value(where::top);
        return std::move(found_);
    }

private:
    enum class where { top, packages, root_package, elsewhere };

    void value(where here) {
        if (text_[at_] == '{' && here != where::elsewhere)
            object(here);
        else if (text_[at_] == '"')
            string();
        else
            skip();
    }

    /// Whatever it is, by its brackets: it may be nested deeper than there is stack.
    void skip() {
        std::size_t open = 0;
        do {
            auto c = text_[at_];
            if (c == '"') {
                string();
            } else if (c == '{' || c == '[' || c == '}' || c == ']') {
                open += c == '{' || c == '[' ? 1 : -1;
                ++at_;
            } else {
                at_ = std::min(text_.find_first_of(open ? "{}[]\"" : ",]} \t\r\n", at_), text_.size());
            }
        } while (open);
    }

    void object(where here) {
        ++at_;
        for (blanks(); text_[at_] != '}'; next()) {
            auto key = string();
            blanks();
            ++at_; // ':'
            blanks();
            if (here == where::top && key == "packages")
                value(where::packages);
            else if (here == where::packages && key.empty())
                value(where::root_package);
            else if ((here == where::top || here == where::root_package) && key == "name" && text_[at_] == '"')
                name();
            else
                value(where::elsewhere);
        }
        ++at_;
    }

    void name() {
        auto start = at_ + 1;
        found_.push_back({start, string().size()});
    }

    std::string_view string() { // as it is written, without the quotes
        auto start = ++at_;
        while (text_[at_] != '"')
            at_ += text_[at_] == '\\' ? 2 : 1;
        return text_.substr(start, at_++ - start);
    }

    void next() {
        blanks();
        if (text_[at_] == ',')
            ++at_;
        blanks();
    }

    void blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<piece> found_;
};

constexpr off_t max_size = off_t{64} << 20; // lock files of large monorepos have a few

/// None where there is none to be written to.
os_result<std::optional<std::string>> read_file(int file) {
    struct stat s;
    if (::fstat(file, &s) < 0)
        return last_error();
    if (!S_ISREG(s.st_mode) || s.st_size > max_size)
        return std::optional<std::string>();
    std::string text(static_cast<std::size_t>(s.st_size), '\0');
    for (std::size_t have = 0; have < text.size();) {
        auto n = uninterrupted(
            [&] { return ::pread(file, text.data() + have, text.size() - have, static_cast<off_t>(have)); });
        if (n < 0)
            return last_error();
        if (n == 0)
            text.resize(have);
        have += static_cast<std::size_t>(n);
    }
    return std::optional(std::move(text));
}

os_result<> write_file(int file, std::string_view text) {
    for (std::size_t done = 0; done < text.size();) {
        auto n = uninterrupted(
            [&] { return ::pwrite(file, text.data() + done, text.size() - done, static_cast<off_t>(done)); });
        if (n < 0)
            return last_error();
        done += static_cast<std::size_t>(n);
    }
    if (uninterrupted([&] { return ::ftruncate(file, static_cast<off_t>(text.size())); }) < 0)
        return last_error();
    return {};
}

} // namespace

std::optional<std::string> with_package_name(std::string_view text, std::string_view name) {
    constexpr std::string_view bom = "\xef\xbb\xbf";
    auto body = text.starts_with(bom) ? text.substr(bom.size()) : text;
    if (!nlohmann::json::accept(body))
        return {};
    auto found = name_finder(body).find();
    if (found.empty())
        return {};
    std::string made(text.substr(0, text.size() - body.size()));
    std::size_t from = 0;
    for (auto& each : found) {
        made += body.substr(from, each.at - from);
        made += name;
        from = each.at + each.size;
    }
    made += body.substr(from);
    return made;
}

result<> name_package(int folder, std::string_view name) {
    for (auto each : {"package.json", "package-lock.json", "npm-shrinkwrap.json"}) {
        unique_fd file(
            uninterrupted([&] { return ::openat(folder, each, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); }));
        if (!file) {
            if (errno == ENOENT || errno == ELOOP || errno == EISDIR)
                continue;
            return storage_error("name the package in", each, last_error());
        }
        auto text = read_file(file.get());
        if (!text)
            return storage_error("read", each, text.error());
        auto named = *text ? with_package_name(**text, name) : std::nullopt;
        if (!named)
            continue;
        if (auto written = write_file(file.get(), *named); !written)
            return storage_error("name the package in", each, written.error());
    }
    return {};
}

} // namespace berth
