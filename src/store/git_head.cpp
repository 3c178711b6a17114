#include "store/git_head.hpp"

#include "core/unique_fd.hpp"
#include "core/worker.hpp"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace berth {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t small_file = 4'096;                       // HEAD, a ref, commondir, a .git file
constexpr std::size_t packed_file = std::size_t{16} << 20;      // some 250,000 refs
constexpr int most_links = 5;                                   // from one symbolic ref to the next, as in git
constexpr std::size_t most_kept = 256;                          // answers from packed-refs

struct content {
    file_facts facts;
    std::string text;
};

/// A regular file, and no link to one; none: there is none, it cannot be read, or it is longer than that. `unless`: it
/// is as it was: only the facts are filled in.
std::optional<content> read_bounded(const fs::path& path, std::size_t most, const file_facts* unless = nullptr) {
    unique_fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct ::stat s {};
    if (!file || ::fstat(file.get(), &s) != 0 || !S_ISREG(s.st_mode) || static_cast<std::uint64_t>(s.st_size) > most)
        return {};
    content found{facts_of(s), {}};
    if (unless && *unless == found.facts)
        return found;
    found.text.resize(std::min(most, static_cast<std::size_t>(s.st_size) + 1));
    std::size_t size = 0;
    while (size < found.text.size()) {
        auto n = ::read(file.get(), found.text.data() + size, found.text.size() - size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return {};
        if (n == 0)
            break;
        size += static_cast<std::size_t>(n);
    }
    found.text.resize(size);
    return found;
}

std::string_view line_of(std::string_view text) {
    auto line = text.substr(0, text.find('\n'));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t'))
        line.remove_suffix(1);
    return line;
}

bool is_hash(std::string_view text) {
    return (text.size() == 40 || text.size() == 64) && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// As git check-ref-format: such a name is a path below the repository, and no other.
bool is_ref(std::string_view name) {
    if (!name.starts_with("refs/") || name.size() > 1'024 || name.ends_with('.') || name.find("..") != name.npos ||
        name.find("@{") != name.npos)
        return false;
    for (unsigned char c : name)
        if (c <= ' ' || c == 0x7f || std::string_view("~^:?*[\\").find(static_cast<char>(c)) != std::string_view::npos)
            return false;
    while (true) {
        auto slash = name.find('/');
        auto part = name.substr(0, slash);
        if (part.empty() || part.starts_with('.') || part.ends_with(".lock"))
            return false;
        if (slash == name.npos)
            return true;
        name.remove_prefix(slash + 1);
    }
}

/// Refs that each worktree has for itself.
bool is_of_worktree(std::string_view ref) {
    return ref.starts_with("refs/bisect/") || ref.starts_with("refs/worktree/") || ref.starts_with("refs/rewritten/");
}

/// What a path in one of git's files means: relative to where that file lies.
std::optional<fs::path> path_in(std::string_view text, const fs::path& beside) {
    auto line = line_of(text);
    if (line.empty() || line.find('\0') != line.npos)
        return {};
    return (beside / fs::path(line)).lexically_normal();
}

bool is_folder(const fs::path& path) {
    struct ::stat s {};
    return ::stat(path.c_str(), &s) == 0 && S_ISDIR(s.st_mode);
}

/// What .git of this folder is, or leads to.
std::optional<fs::path> git_folder(const fs::path& folder) {
    auto path = folder / ".git";
    struct ::stat s {};
    if (::stat(path.c_str(), &s) != 0)
        return {};
    if (S_ISDIR(s.st_mode)) // one without a HEAD is none: git looks further
        return ::lstat((path / "HEAD").c_str(), &s) == 0 ? std::optional(path) : std::nullopt;
    constexpr std::string_view key = "gitdir: ";
    auto file = read_bounded(path, small_file);
    if (!file || !file->text.starts_with(key))
        return {};
    return path_in(std::string_view(file->text).substr(key.size()), folder);
}

/// The nearest, up to the root of the file system that the folder is on.
std::optional<fs::path> find_git(const git_place& place) {
    std::error_code ec;
    auto folder = place.above ? fs::canonical(place.folder, ec) : place.folder;
    struct ::stat first {};
    if (ec || ::stat(folder.c_str(), &first) != 0)
        return {};
    for (;;) {
        if (auto found = git_folder(folder))
            return found;
        struct ::stat above {};
        auto parent = folder.parent_path();
        if (!place.above || parent == folder || ::stat(parent.c_str(), &above) != 0 || above.st_dev != first.st_dev)
            return {};
        folder = parent;
    }
}

/// What HEAD or a ref holds: a hash, or the name of another ref. A link to a ref is an old way to write that.
struct pointer {
    std::string ref, hash; // one of them; none: nothing that git would understand
};
std::optional<pointer> read_pointer(const fs::path& path) {
    pointer to;
    auto file = read_bounded(path, small_file);
    if (!file) {
        std::error_code ec;
        auto target = fs::read_symlink(path, ec).native();
        if (ec)
            return {};
        if (is_ref(target))
            to.ref = target;
        return to;
    }
    constexpr std::string_view key = "ref:";
    auto line = line_of(file->text);
    if (is_hash(line)) {
        to.hash = line;
    } else if (line.starts_with(key)) {
        line.remove_prefix(key.size());
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (is_ref(line))
            to.ref = line;
    }
    return to;
}

class pooled_reader final : public git_reader {
public:
    pooled_reader(asio::any_io_executor home, asio::any_io_executor pool)
        : home_(std::move(home)), pool_(std::move(pool)) {}

    task<std::vector<std::optional<git_head>>> read(std::vector<git_place> places) override {
        auto job = [heads = heads_, places = std::move(places)] {
            std::vector<std::optional<git_head>> all;
            for (auto& place : places)
                all.push_back(heads->read(place));
            return all;
        };
        auto found = co_await run_on(pool_, home_, std::move(job));
        co_return found;
    }

private:
    asio::any_io_executor home_, pool_;
    std::shared_ptr<git_heads> heads_ = std::make_shared<git_heads>();
};

} // namespace

std::optional<git_head> git_heads::read(const git_place& place) {
    auto git = find_git(place);
    if (!git)
        return {};
    auto common = *git;
    if (auto file = read_bounded(*git / "commondir", small_file))
        if (auto path = path_in(file->text, *git))
            common = *path;
    auto head = read_pointer(*git / "HEAD");
    bool is_repository = head && !(head->ref.empty() && head->hash.empty()) && is_folder(common / "objects");
    if (!is_repository || is_folder(common / "reftable"))
        return {};
    git_head found;
    if (!head->hash.empty()) {
        found.commit = head->hash;
        return found;
    }
    auto ref = head->ref;
    found.commit = resolve(*git, common, ref);
    constexpr std::string_view heads = "refs/heads/";
    if (ref.starts_with(heads))
        found.branch = ref.substr(heads.size());
    return found;
}

/// `ref` becomes the last of those that refer to each other.
std::optional<std::string> git_heads::resolve(const fs::path& git, const fs::path& common, std::string& ref) {
    for (int i = 0; i < most_links; ++i) {
        auto to = read_pointer((is_of_worktree(ref) ? git : common) / ref);
        if (!to)
            return packed(common, ref);
        if (!to->hash.empty())
            return to->hash;
        if (to->ref.empty())
            return {};
        ref = to->ref;
    }
    return {};
}

std::optional<std::string> git_heads::packed(const fs::path& common, const std::string& ref) {
    auto path = common / "packed-refs";
    auto known = packed_.find(path);
    bool usable = known != packed_.end() && known->second.ref == ref;
    auto file = read_bounded(path, packed_file, usable ? &known->second.file : nullptr);
    if (!file)
        return {};
    if (usable && known->second.file == file->facts)
        return known->second.commit;
    packed_answer answer{file->facts, ref, {}};
    std::string_view rest = file->text;
    while (!rest.empty() && !answer.commit) {
        auto line = line_of(rest); // "<hash> <ref>"; "#..." and "^..." are none of these
        auto space = line.find(' ');
        if (space != line.npos && line.substr(space + 1) == ref && is_hash(line.substr(0, space)))
            answer.commit = line.substr(0, space);
        auto end = rest.find('\n');
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
    if (packed_.size() >= most_kept)
        packed_.clear();
    auto commit = answer.commit;
    packed_.insert_or_assign(path, std::move(answer));
    return commit;
}

std::unique_ptr<git_reader> create_git_reader(asio::any_io_executor home, asio::any_io_executor pool) {
    return std::make_unique<pooled_reader>(std::move(home), std::move(pool));
}

} // namespace berth
