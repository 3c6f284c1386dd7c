# What the headers need, for whoever builds them and whoever uses them. They say themselves which OpenSSL and curl are
# too old: asked for by number here, Conan's of a newer major number would be passed over for the system's.
macro(find_cloud_licence_parts)
  find_package(nlohmann_json 3.9 REQUIRED)
  find_package(OpenSSL REQUIRED)
  find_package(Threads REQUIRED)
  set(CLOUD_LICENCE_PARTS nlohmann_json::nlohmann_json OpenSSL::Crypto Threads::Threads)
  if(WIN32)
    list(APPEND CLOUD_LICENCE_PARTS winhttp advapi32)
  else()
    find_package(CURL REQUIRED)
    list(APPEND CLOUD_LICENCE_PARTS CURL::libcurl)
  endif()
endmacro()
