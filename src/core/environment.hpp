// The environment that Berth's children get: the bridge (and, through it, pm2's daemon and the apps) and scaffolds.
//
// One rule for both, here, so that the Node side only hands on what it inherited. Pure but for current_environment().
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace berth {

/// NAME=value, as execve takes them.
using environment = std::vector<std::string>;

/// This process's own.
environment current_environment();

/// The user's own environment: what npm, npx, pm2 or Berth itself put into it is taken out, so that a server started by
/// `npm run`, by `npx` or from inside an app of its own gives its apps the same as one started from a shell. NODE_ENV
/// and PORT go too: with NODE_ENV=production `next dev` breaks, and PORT is each app's own.
environment clean_environment(const environment&);

bool has_variable(const environment&, std::string_view name);
/// Replaces or adds.
void set_variable(environment&, std::string_view name, std::string_view value);

} // namespace berth
