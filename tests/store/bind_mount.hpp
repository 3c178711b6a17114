// One folder shown at a second place, as `mount --bind` does it: the same file system, the same device number. Gone
// with the test. Not everybody may mount: a test without mounted() says so and ends.
#pragma once

#include "temp_root.hpp"

#include "core/unique_fd.hpp"

#include <boost/test/unit_test.hpp>

#ifndef __APPLE__
#include <fcntl.h>
#include <sys/mount.h>
#endif

namespace berth::test {

class bind_mount {
public:
    /// Both exist: two folders, or two files.
    bind_mount(const fs::path& from, fs::path at) : at_(std::move(at)) {
#ifndef __APPLE__
        mounted_ = ::mount(from.c_str(), at_.c_str(), nullptr, MS_BIND, nullptr) == 0;
        if (mounted_)
            root_ = unique_fd(::open(at_.c_str(), O_PATH | O_CLOEXEC));
#endif
        if (!mounted_)
            BOOST_TEST_MESSAGE("skipped: this test needs to mount, which is not allowed here");
    }
    bind_mount(const bind_mount&) = delete;
    ~bind_mount() { unmount(); }

    bool mounted() const { return mounted_; }
    void unmount() {
#ifndef __APPLE__
        if (mounted_)
            ::umount2(("/proc/self/fd/" + std::to_string(root_.get())).c_str(), MNT_DETACH); // wherever it is by now
#endif
        mounted_ = false;
    }

private:
    fs::path at_;
    unique_fd root_;
    bool mounted_ = false;
};

} // namespace berth::test
