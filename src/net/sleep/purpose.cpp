#include "net/sleep/purpose.hpp"

namespace berth::net {
namespace {

using header = boost::beast::http::request_header<>;
using boost::beast::http::field;

bool opens_a_page(const header& h, const request_head& head) {
    auto where = h.count("Sec-Fetch-Dest");
    return head.fetch_mode.count == 1 && head.fetch_mode.value == "navigate" &&
           (where == 0 || (where == 1 && h["Sec-Fetch-Dest"] == "document"));
}

bool is_ahead(const header& h) { return h["Sec-Purpose"].starts_with("prefetch") || h["Purpose"] == "prefetch"; }

} // namespace

purpose purpose_of(const header& h, const request_head& head) {
    auto& site = head.fetch_site;
    bool own = site.count == 0 || (site.count == 1 && (site.value == "same-origin" || site.value == "none"));
    if (!own && !opens_a_page(h, head))
        return purpose::foreign;
    bool from_page = head.origin.count > 0;
    if (is_ahead(h) || (from_page && h.count(field::upgrade) > 0))
        return purpose::automatic;
    return purpose::meant;
}

} // namespace berth::net
