// Beast's own code, compiled once (BOOST_BEAST_SEPARATE_COMPILATION), here because both the server and the command line
// use it.
#include <boost/beast/src.hpp>
