#include "net/http/static_files.hpp"

#include "net/http/negotiation.hpp"
#include "net/http/text.hpp"

#include <spdlog/spdlog.h>

#include <fstream>
#include <iterator>

namespace berth::net {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view missing_page = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Berth</title>
<p>Berth is running, but its dashboard is not built. Build it with
<code>npm ci &amp;&amp; npm run build</code> in <code>frontend/</code> and start Berth again.
<p>The API works without it: <a href="/api/apps">/api/apps</a>, <a href="/api/openapi.json">/api/openapi.json</a>.
</html>
)";

/// 64-bit FNV-1a: tells versions of a file apart; nobody gains by making two alike.
std::string fingerprint(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (unsigned char c : bytes)
        hash = (hash ^ c) * 0x100000001b3;
    char text[17];
    return {text, static_cast<std::size_t>(
                      std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash)))};
}

std::string etag_of(std::string_view bytes) { return '"' + fingerprint(bytes) + '"'; }

} // namespace

std::string_view media_type(std::string_view path) {
    static constexpr std::pair<std::string_view, std::string_view> types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", text_type},
        {".webmanifest", "application/manifest+json"},
    };
    for (auto& [extension, type] : types)
        if (path.ends_with(extension))
            return type;
    return "application/octet-stream";
}

bool is_hashed(std::string_view path) {
    if (!path.starts_with("/assets/"))
        return false;
    auto name = path.substr(path.rfind('/') + 1);
    auto stem = name.substr(0, name.find('.'));
    // The hash may itself hold a '-', so any dash with enough behind it will do.
    auto dash = stem.find('-');
    return dash != stem.npos && stem.size() - dash - 1 >= 8;
}

bool is_dashboard_address(std::string_view path) {
    constexpr std::string_view apps = "/apps/";
    if (path == "/" || path == "/logs" || path == "/activity" || path == "/templates")
        return true;
    if (!path.starts_with(apps))
        return false;
    path.remove_prefix(apps.size());
    auto id = path.substr(0, path.find('/'));
    path.remove_prefix(id.size());
    return !id.empty() && (path.empty() || path == "/logs" || path == "/activity");
}

void static_files::add(const std::string& path, std::string bytes) {
    auto etag = etag_of(bytes);
    auto text = std::make_shared<const std::string>(std::move(bytes));
    auto as_form_of = [&](std::string_view suffix, form file::*which) {
        if (!path.ends_with(suffix))
            return false;
        (files_[path.substr(0, path.size() - suffix.size())].*which) = {text, etag};
        return true;
    };
    if (as_form_of(".br", &file::brotli) || as_form_of(".gz", &file::gzip))
        return;
    auto& f = files_[path];
    f.type = media_type(path);
    f.hashed = is_hashed(path);
    f.plain = {std::move(text), std::move(etag)};
}

static_files::static_files(const fs::path& web_root) {
    std::error_code ec;
    for (fs::recursive_directory_iterator it(web_root, ec), end; !ec && it != end; it.increment(ec)) {
        if (!it->is_regular_file(ec) || ec)
            continue;
        std::ifstream in(it->path(), std::ios::binary);
        std::string bytes((std::istreambuf_iterator<char>(in)), {});
        if (in.bad())
            continue;
        add('/' + it->path().lexically_relative(web_root).generic_string(), std::move(bytes));
    }
    // A form whose file itself is gone is left over from another build.
    std::erase_if(files_, [](auto& entry) { return !entry.second.plain.bytes; });
    if (!files_.contains("/index.html")) {
        spdlog::warn("The dashboard is not built: there is no index.html in {}.", web_root.string());
        add("/index.html", std::string(missing_page));
    }
}

reply static_files::answer(const file_request& request) const {
    auto found = files_.find(request.path);
    if (found == files_.end() && is_dashboard_address(request.path))
        found = files_.find("/index.html");
    if (found == files_.end())
        return problem_reply({errc::not_found, "There is nothing at " + printable(request.path) + "."});
    auto& f = found->second;
    auto chosen = choose_encoding(request.accept_encoding, f.brotli.bytes != nullptr, f.gzip.bytes != nullptr);
    auto& sent = chosen == encoding::brotli ? f.brotli : chosen == encoding::gzip ? f.gzip : f.plain;
    reply r;
    // no-cache: kept, but asked for again each time, which costs a 304.
    r.cache = f.hashed ? "public, max-age=31536000, immutable" : "no-cache";
    r.fields.emplace_back("ETag", sent.etag);
    if (f.brotli.bytes || f.gzip.bytes)
        r.fields.emplace_back("Vary", "Accept-Encoding");
    if (matches_etag(request.if_none_match, sent.etag)) {
        r.status = 304;
        return r;
    }
    r.type = f.type;
    r.body = sent.bytes;
    if (chosen != encoding::identity)
        r.fields.emplace_back("Content-Encoding", chosen == encoding::brotli ? "br" : "gzip");
    return r;
}

} // namespace berth::net
