# The API's description and the MCP tools, compiled in: they need no file at run time.
function(berth_embed file namespace name)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${file})
  file(READ ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${file} text)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp @ONLY CONTENT
"namespace @namespace@ { extern const char @name@[] = R\"embedded(@text@)embedded\"; }
")
  target_sources(berth_net PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp PROPERTIES
    COMPILE_OPTIONS -Wno-overlength-strings SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
berth_embed(api/openapi.json berth::net openapi_text)
berth_embed(mcp/tools.json berth::net::mcp tools_text)
