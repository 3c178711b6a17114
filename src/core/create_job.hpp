// One create under way. Of creates.cpp, which takes the request and brings the app in, and creates_make.cpp, which
// makes its folder.
#pragma once

#include "core/creates.hpp"

namespace berth {

struct creates::job : progress {
    using progress::progress;
    create_options wish;
    std::optional<std::string> made_from; // what it came from in the end; none: --scaffold
    bool entered = false;                 // in the manifest: counted there from now on
    std::shared_ptr<const app_view> app;
};

} // namespace berth
