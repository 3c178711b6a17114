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
    require(found.entries.size() + found.complaints.size() <= files, "each file is an entry, a complaint, or not ours");
    for (auto& e : found.entries)
        require(is_id(e.id), "an entry is an app's", e.id);
    auto again = journal.read();
    require(again.complaints.empty(), "what is wrong is said once");
    require(again.entries.size() == found.entries.size(), "reading loses nothing");
    for (std::size_t i = 0; i < found.entries.size(); ++i) {
        auto &e = found.entries[i], &a = again.entries[i];
        require(a.id == e.id && a.what == e.what && a.files_too == e.files_too, "an entry stays what it is", e.id);
        require(journal.put(e).has_value() && journal.erase(e.id).has_value(), "an entry can be put and erased", e.id);
    }
    require(journal.read().entries.empty(), "an erased entry is gone");
    return 0;
}
