#include "next/dev_script.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

BOOST_AUTO_TEST_SUITE(dev_scripts)

BOOST_AUTO_TEST_CASE(which_may_be_told_their_host) {
    for (auto script : {
             "next dev", "  next   dev  ", "next", "next --turbopack", "next dev --turbopack",
             "next dev --turbo -p 3000", "next dev -p $PORT", "next dev --port=${PORT:-3000}", "next dev ./site",
             "next dev --experimental-https", "NODE_OPTIONS=--inspect next dev",
             "NODE_OPTIONS='--inspect --max-old-space-size=4096' next dev",
             "NODE_OPTIONS=\"--inspect\" FOO=bar next dev --turbopack", "cross-env NODE_OPTIONS=--inspect next dev",
             "A=1 cross-env B=2 C=3 next dev", "env FOO=bar next dev",
             "HOSTNAME=0.0.0.0 next dev", // next dev does not read it
         })
        BOOST_TEST(may_be_told_its_host(script), script);
}

BOOST_AUTO_TEST_CASE(which_may_not) {
    for (auto script : {
             "",
             "next start",
             "next build",
             "next-dev",
             "next dev -H 0.0.0.0",
             "next dev -H0.0.0.0",
             "next dev --hostname 0.0.0.0",
             "next dev --hostname=localhost",
             "next -H localhost",
             "next dev && echo done",
             "next dev & node worker.js",
             "next dev; true",
             "prisma generate && next dev",
             "next dev | pino-pretty",
             "next dev > log",
             "next dev # as it is",
             "next dev --",
             "next dev $FLAGS",
             "next dev -p 3000 $FLAGS",
             "next dev $(cat flags)",
             "next dev `cat flags`",
             "next dev '",
             "node server.js",
             "node parent.cjs",
             "vite",
             "tsx watch server.ts",
             "concurrently \"next dev\" \"node worker.js\"",
             "dotenv -e .env -- next dev",
             "npm run next dev",
             "FOO=bar",
             "cross-env",
             "cross-env-shell next dev",
         })
        BOOST_TEST(!may_be_told_its_host(script), script);
}

BOOST_AUTO_TEST_SUITE_END()
