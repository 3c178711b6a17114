// The memory of a tree beside what the kernel counts page by page.
#include "machine/world.hpp"

#include "machine/process_view.hpp"
#include "machine/procfs.hpp"

#include <cstdlib>
#include <sstream>

using namespace berth;
using namespace berth::test;

namespace {

// Three of Node and a shell, each with memory of its own; and one that left the session, as an editor does.
const std::string tree = R"(
const { spawn } = require('child_process'), fs = require('fs');
const kind = process.argv[2] || 'root';
const held = Buffer.alloc({ root: 20, part: 60, editor: 200 }[kind] << 20, 1);
if (kind === 'root') {
  const how = { stdio: 'inherit' };
  for (const name of ['one', 'two']) spawn(process.execPath, [__filename, 'part', name], how);
  spawn('sh', ['-c', 'sleep 1000; :'], how);
  spawn(process.execPath, [__filename, 'editor', 'editor'], { stdio: 'ignore', detached: true });
}
fs.writeFileSync(process.argv[3] || 'root', '\n');
setInterval(() => held.length, 1 << 30);
)";

double pss_mb(int session) {
    std::uint64_t kb = 0;
    for (auto& p : procfs::all_processes()) {
        auto text = p.session == session ? procfs::read("/proc/" + std::to_string(p.pid) + "/smaps_rollup") : "";
        if (auto at = text.find("\nPss:"); at != std::string::npos)
            kb += std::stoull(text.substr(at + 5));
    }
    return static_cast<double>(kb) / 1024;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(memory_of_a_tree_is_its_pss, app_world) {
    // A program of its own: what it shares with the other Nodes of this machine, PSS divides among them too.
    std::string node;
    std::istringstream path(::getenv("PATH"));
    for (std::string folder; node.empty() && std::getline(path, folder, ':');)
        if (std::filesystem::exists(folder + "/node"))
            node = folder + "/node";
    std::filesystem::copy_file(std::filesystem::canonical(node), place / "node");
    write_file(app.directory / "tree.js", tree);
    app.root_pid = start(app, {(place / "node").string(), "tree.js"});
    for (auto* each : {"root", "one", "two", "editor"})
        run(until(each, [&] { return std::filesystem::exists(app.directory / each); }));

    // Node gives memory back for a while after its start: looked at until it rests, within the promised tenth.
    sees(app, [&](auto& sight) {
        auto expected = pss_mb(app.root_pid);
        BOOST_TEST_MESSAGE("PSS " << expected << " MB, shown " << sight.memory_mb << " MB");
        return expected > 140 && std::abs(sight.memory_mb - expected) < expected / 10;
    });
}
