// Keeps `git` of every app true: looks at the start, soon after an app came, and every 3 s. Nothing announces a commit
// or a checkout; what is looked at are two or three files of some bytes for each app.
//
// One read for all apps at a time: a project on a file system that hangs holds one worker, and the others' answers are
// late. Lives on the reactor, as one coroutine that ends soon after close() and touches nothing of the owner any more.
#pragma once

#include "core/git.hpp"
#include "core/registry.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>

namespace berth {

class git_watch {
public:
    /// `root`: Berth's. The reader must outlive the executor's last turn.
    git_watch(asio::any_io_executor, registry&, git_reader&, std::filesystem::path root,
              std::chrono::milliseconds every = std::chrono::seconds(3));
    ~git_watch() { close(); }

    void close();

private:
    struct shared;
    static task<> run(std::shared_ptr<shared>);

    std::shared_ptr<shared> shared_;
};

} // namespace berth
