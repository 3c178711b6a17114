#include "machine/mark_reader.hpp"

#include <optional>

namespace berth {
namespace {

std::filesystem::path resolved(const std::filesystem::path& directory) {
    std::error_code failed; // a folder that is gone keeps its name: its processes' links still show it
    auto path = std::filesystem::weakly_canonical(directory, failed);
    return failed ? directory : path;
}

} // namespace

void mark_reader::look(const process_view& view, kernel::tables& kernel) {
    of_apps_.clear();
    of_scaffolds_.clear();
    std::erase_if(known_, [&](auto& each) { return !view.find(each.first); });
    for (auto& p : view.all()) {
        auto& it = known_[p.pid];
        if (it.started != p.started || it.stack != p.stack)
            it = {p.started, p.stack, parse_marks(kernel.environment_of(p.pid))};
        if (!it.says.app.empty())
            of_apps_.emplace(it.says.app,
                             claimant{{p.pid, it.says.session}, kernel.working_directory(p.pid), it.says.log});
        if (!it.says.scaffold.empty())
            of_scaffolds_.emplace(it.says.scaffold, claim{p.pid, it.says.session});
    }
}

std::vector<claim> mark_reader::of_app(const std::string& id, const std::filesystem::path& directory,
                                       const std::string& log) const {
    std::vector<claim> claims;
    std::optional<std::filesystem::path> real; // the disk is asked only where it matters: it may be slow to answer
    for (auto [at, end] = of_apps_.equal_range(id); at != end; ++at) {
        if (!log.empty() && at->second.log != log)
            continue;
        auto& works_in = at->second.works_in;
        if (!kernel::is_inside(works_in, directory.native())) {
            if (!real)
                real = resolved(directory);
            if (!kernel::is_inside(works_in, real->native()))
                continue;
        }
        claims.push_back(at->second.its);
    }
    return claims;
}

marks mark_reader::of(int pid) const {
    auto known = known_.find(pid);
    return known == known_.end() ? marks{} : known->second.says;
}

std::vector<claim> mark_reader::of_scaffold(const std::filesystem::path& directory) const {
    std::vector<claim> claims;
    for (auto [at, end] = of_scaffolds_.equal_range(directory.string()); at != end; ++at)
        claims.push_back(at->second);
    return claims;
}

} // namespace berth
