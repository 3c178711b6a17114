#include "machine/ownership.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace berth {

marks parse_marks(std::string_view block) {
    marks found;
    while (!block.empty()) {
        auto each = block.substr(0, block.find('\0'));
        block.remove_prefix(std::min(block.size(), each.size() + 1));
        auto value_of = [&](std::string_view name) {
            bool is_it = each.starts_with(name);
            if (is_it)
                each.remove_prefix(name.size());
            return is_it;
        };
        if (value_of("name=orch-"))
            found.app = each;
        else if (value_of("pm_out_log_path="))
            found.log = each;
        else if (value_of("npm_lifecycle_event="))
            found.script = each;
        else if (value_of("BERTH_SCAFFOLD="))
            found.scaffold = each;
        else if (value_of("BERTH_SESSION="))
            if (std::from_chars(each.data(), each.data() + each.size(), found.session).ptr != each.data() + each.size())
                found.session = 0;
    }
    return found;
}

std::vector<const kernel::process*> own_processes(const process_view& view, const std::vector<claim>& claims,
                                                  const std::function<bool(int pid)>& holds_port) {
    std::set<int> sessions;
    std::vector<const kernel::process*> own, family;
    for (auto& each : claims) {
        auto* claimant = view.find(each.pid);
        if (!claimant)
            continue;
        family.push_back(claimant);
        if (each.session > 0 && claimant->session == each.session)
            sessions.insert(each.session);
    }
    for (int session : sessions)
        for (auto* member : view.session(session))
            own.push_back(member);

    // A claimant out of session is taken for the port it holds; its children only when they claim it themselves.
    auto outside = view.with_descendants(own);
    outside.insert(outside.end(), family.begin(), family.end());
    std::set<int> seen;
    for (auto* each : outside)
        if (!sessions.contains(each->session) && seen.insert(each->pid).second && holds_port(each->pid))
            own.push_back(each);
    return own;
}

} // namespace berth
