// Whose process is it? The rule of core/machine.hpp, as a function of what was read. Pure.
#pragma once

#include "machine/process_view.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace berth {

/// What an environment says of the run it belongs to.
struct marks {
    std::string app;         // of name=orch-<id>
    std::string scaffold;    // of BERTH_SCAFFOLD=<directory>
    int session = 0;         // of BERTH_SESSION: meant for whoever was started, inherited by all below it; 0: says none
    std::string log = {};    // of pm_out_log_path
    std::string script = {}; // of npm_lifecycle_event: the script of package.json that it is a part of; npx sets "npx"
    bool operator==(const marks&) const = default;
};

/// Of a block of variables, NUL-terminated each, as tables::environment_of() tells them.
marks parse_marks(std::string_view block);

/// A process that says it belongs to the app (and works in its folder), or to the scaffold.
struct claim {
    int pid = 0;
    int session = 0; // its BERTH_SESSION
};

/// All of a run of which these claims are made: the sessions in which one tells the truth, and what left them or says
/// no session, if it holds the port.
std::vector<const kernel::process*> own_processes(const process_view&, const std::vector<claim>&,
                                                  const std::function<bool(int pid)>& holds_port);

} // namespace berth
