// The dashboard's files, read into memory at start: a table from path to bytes. What is not in the table does not
// exist, so no request ever becomes a path on the disk. About 1 MB; a rebuilt dashboard shows after a restart.
//
// Rejected: mapping the files. A build that rewrites one under a running server would tear the answer or raise SIGBUS.
#pragma once

#include "net/http/reply.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace berth::net {

/// What a request says about the form of the file it wants.
struct file_request {
    std::string_view path; // decoded, with the leading '/'
    std::string_view accept_encoding;
    std::string_view if_none_match;
};

class static_files {
public:
    /// Reads index.html, favicon.svg and everything else below the folder; <file>.br and <file>.gz are forms of <file>.
    /// Without an index.html the table holds one page that says how to build the dashboard. Blocks: for the start only.
    explicit static_files(const std::filesystem::path& web_root);

    /// 200 or 304: index.html for an address of the dashboard; errc::not_found's problem for an unknown path.
    reply answer(const file_request&) const;

private:
    struct form {
        shared_text bytes; // null: there is none
        std::string etag;
    };
    struct file {
        std::string_view type;
        bool hashed = false; // its name changes with its content: may be kept for ever
        form plain, gzip, brotli;
    };
    void add(const std::string& path, std::string bytes);
    std::map<std::string, file, std::less<>> files_;
};

/// Content-Type by a name's extension.
std::string_view media_type(std::string_view path);

/// Whether it is an address of the dashboard: "/", /apps/<id>, /apps/<id>/logs, /apps/<id>/activity, /logs, /activity
/// and /templates are all the one page, which shows what its address says: also that no app has such an id, whatever it
/// looks like.
bool is_dashboard_address(std::string_view path);

/// Whether a name is one that the build made from the content: below /assets/, with a '-' and 8 or more characters
/// before the extension.
bool is_hashed(std::string_view path);

} // namespace berth::net
