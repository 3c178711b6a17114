// What a script of package.json says that starts a dev server. Pure.
#pragma once

#include <string_view>

namespace berth {

/// True for `next dev` that does not say on which address it listens: more words at its end reach it, so that it can be
/// told. Before it may stand variables (NODE_OPTIONS=…, cross-env); `next` alone means `next dev`. False for whatever
/// does more or is not understood: `next dev && x`, a server of the project's own, a host of its own (-H, --hostname).
bool may_be_told_its_host(std::string_view script);

} // namespace berth
