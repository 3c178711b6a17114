// What the sync tells to whoever remembers. On the reactor; nothing of the sync may be asked in these.
#pragma once

#include <string>

namespace berth {

class sync_listener {
public:
    /// The reason of this app's crash is as long as it gets.
    virtual void on_crash_told(const std::string& id) = 0;
    /// A sync has ended, and its changes are committed. `daemon`: pid of pm2's; 0: pm2 did not answer, for this reason.
    virtual void on_look(int daemon, const std::string& reason) = 0;

protected:
    ~sync_listener() = default;
};

} // namespace berth
