// Makes the store's system calls fail, on the real disk. The test program is linked so that these calls of everything
// in it come by here (the linker's --wrap); they go on to the system unless this thread's fault says otherwise.
#pragma once

#include <string>

namespace berth::test {

/// While it lives, the n-th of the calls (counted from 1) fails with this errno. n 0: none fails, they are only
/// counted. Reads and writes of more than one byte move one byte alone: short, as they may always be.
class system_fault {
public:
    system_fault(int n, int reason);
    ~system_fault();
    system_fault(const system_fault&) = delete;

    int calls() const;
    /// Of the call that failed; empty: none did.
    const std::string& failed() const;
};

} // namespace berth::test
