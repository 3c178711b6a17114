#include "cli/command_names.hpp"

#include "core/names.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace berth::cli {
namespace {

constexpr std::pair<std::string_view, std::string_view> aliases[] = {
    {"ps", "ls"}, {"list", "ls"}, {"status", "show"}, {"inspect", "show"}, {"delete", "rm"},
};

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    std::iota(last.begin(), last.end(), 0);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = std::min(now[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(now);
    }
    return last[b.size()];
}

} // namespace

std::string_view canonical_command(std::string_view word) {
    for (auto& [alias, name] : aliases)
        if (alias == word)
            return name;
    return word;
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    auto typed = name_key(word);
    std::string best;
    std::size_t least = typed.size() <= 3 ? 2 : 3; // one slip in a short word, two in a longer one
    for (auto& name : known) {
        auto far = distance(typed, name);
        if (far < least && far < name.size()) {
            least = far;
            best = name;
        }
    }
    return best;
}

understood understand(std::vector<std::string> words) {
    understood all{std::move(words)};
    auto& w = all.words;
    for (std::size_t i = 0; i < w.size() && all.at == std::string::npos; ++i) {
        if (w[i] == "--url")
            ++i;
        else if (!w[i].starts_with('-'))
            all.at = i;
    }
    if (all.at == std::string::npos)
        return all;
    auto& command = w[all.at];
    if (command == "version" && all.at + 1 == w.size()) {
        command = "--version";
        all.at = std::string::npos;
    } else if (command == "help") {
        w.erase(w.begin() + static_cast<std::ptrdiff_t>(all.at));
        w.push_back("--help");
        return understand(std::move(w));
    } else {
        command = canonical_command(command);
    }
    return all;
}

} // namespace berth::cli
