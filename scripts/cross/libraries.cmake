# The libraries for another platform, from build/cross/libraries: headers that need no compiling, and sources of the three
# that do.
enable_language(C)
set(libraries ${CMAKE_SOURCE_DIR}/build/cross/libraries)

add_library(berth_headers INTERFACE)
target_include_directories(berth_headers SYSTEM INTERFACE ${libraries}/include)
target_compile_definitions(berth_headers INTERFACE FMT_HEADER_ONLY SPDLOG_FMT_EXTERNAL)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  target_compile_definitions(berth_headers INTERFACE _LARGEFILE64_SOURCE) # spdlog's fstat64, which musl hides
endif()
foreach(name Boost::headers nlohmann_json::nlohmann_json spdlog::spdlog CLI11::CLI11)
  add_library(${name} INTERFACE IMPORTED)
  target_link_libraries(${name} INTERFACE berth_headers)
endforeach()
add_library(Threads::Threads INTERFACE IMPORTED)


# Nothing that is not called, and no names of what is.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  add_link_options(-static -s -Wl,--gc-sections)
else()
  add_link_options(-s -Wl,-dead_strip)
endif()

function(berth_dependency name include)
  add_library(${name} STATIC ${ARGN})
  target_include_directories(${name} SYSTEM PUBLIC ${include})
  target_compile_options(${name} PRIVATE -w)
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
endfunction()
berth_dependency(simdjson ${libraries}/simdjson ${libraries}/simdjson/simdjson.cpp)
add_library(simdjson::simdjson ALIAS simdjson)
berth_dependency(utf8proc ${libraries}/utf8proc ${libraries}/utf8proc/utf8proc.c)
target_compile_definitions(utf8proc PUBLIC UTF8PROC_STATIC)
file(GLOB re2 ${libraries}/re2/re2/*.cc)
berth_dependency(re2 ${libraries}/re2 ${re2} ${libraries}/re2/util/rune.cc ${libraries}/re2/util/strutil.cc)

set(UTF8PROC_INCLUDE ${libraries}/utf8proc)
set(UTF8PROC_LIBRARY utf8proc)
set(RE2_INCLUDE ${libraries}/re2)
set(RE2_LIBRARY re2)
