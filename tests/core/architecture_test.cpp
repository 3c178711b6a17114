// The rule of the house: each folder of src/ includes core and itself, nothing else; core includes none of them.
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

BOOST_AUTO_TEST_CASE(folders_include_core_and_themselves_only) {
    namespace fs = std::filesystem;
    const std::regex include(R"re(^\s*#include "(core|machine|pm2|next|store|net|cli)/)re");
    int seen = 0;
    for (auto folder : {"core", "machine", "pm2", "next", "store", "net", "cli"}) {
        for (auto& entry : fs::recursive_directory_iterator(fs::path(BERTH_SOURCE_DIR) / "src" / folder)) {
            auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp")
                continue;
            std::ifstream file(entry.path());
            for (std::string line; std::getline(file, line);) {
                std::smatch found;
                if (!std::regex_search(line, found, include))
                    continue;
                ++seen;
                BOOST_TEST((found[1] == "core" || found[1] == folder), entry.path() << ": " << line);
            }
        }
    }
    BOOST_TEST(seen > 50);
}
