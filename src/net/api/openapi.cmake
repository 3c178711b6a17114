# The API's description, compiled in: the answer of GET /api/openapi.json needs no file at run time.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/openapi.json)
file(READ ${CMAKE_CURRENT_LIST_DIR}/openapi.json text)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/openapi_text.cpp @ONLY CONTENT
"namespace berth::net { extern const char openapi_text[] = R\"openapi(@text@)openapi\"; }
")
target_sources(berth_net PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/openapi_text.cpp)
