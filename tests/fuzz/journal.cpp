// The journal's folder as a crash, or somebody, may have left it: what is understood is what was put there, the rest is
// set aside and said once, and a next start finds the same.
#include "fuzz.hpp"

#include "../store/fake_file_system.hpp"
#include "store/journal.hpp"

using namespace berth;
using namespace berth::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::filesystem::path folder = "/journal";
    FuzzedDataProvider in(data, size);
    test::fake_file_system disk;
    // One name in two is right: the texts matter most.
    for (char c = 'a'; in.remaining_bytes() > 0 && c < 'e'; ++c) {
        auto name = in.ConsumeBool() ? std::string(10, c) + ".json" : in.ConsumeRandomLengthString(16);
        if (name.empty() || name.find_first_of(std::string_view("/\0", 2)) != name.npos)
            continue;
        disk.put(folder / name, in.ConsumeRandomLengthString(80));
    }
    auto files = disk.paths().size();
    journal_folder journal(disk, folder);
    auto found = journal.read();
    auto entries = found.creates.size() + found.removals.size();
    require(entries + found.complaints.size() <= files, "each file is an entry, a complaint, or not ours");
    auto again = journal.read();
    require(again.complaints.empty(), "what is wrong is said once");
    require(again.creates == found.creates && again.removals == found.removals, "reading loses nothing");
    for (auto& [id, what] : found.removals)
        found.creates.push_back(id);
    for (auto& id : found.creates) {
        require(is_id(id), "an entry is an app's", id);
        require(journal.put(id).has_value() && journal.erase(id).has_value(), "an entry can be put and erased", id);
    }
    again = journal.read();
    require(again.creates.empty() && again.removals.empty(), "an erased entry is gone");
    return 0;
}
