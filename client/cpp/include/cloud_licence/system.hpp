// What Windows wants otherwise: texts of 16 bits, and its headers without what nobody asked for.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#ifdef _WIN32
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#ifndef RRF_SUBKEY_WOW6464KEY  // where a program asks for a Windows of old
#define RRF_SUBKEY_WOW6464KEY 0x00010000
#endif
#else
#include <unistd.h>
#endif

namespace cloud_licence {

#ifdef _WIN32

inline std::wstring wide(const std::string& text) {  // from UTF-8
    std::wstring made(size_t(MultiByteToWideChar(CP_UTF8, 0, text.data(), int(text.size()), nullptr, 0)), 0);
    MultiByteToWideChar(CP_UTF8, 0, text.data(), int(text.size()), made.data(), int(made.size()));
    return made;
}

inline std::string narrow(const std::wstring& text) {  // as UTF-8
    int size = WideCharToMultiByte(CP_UTF8, 0, text.data(), int(text.size()), nullptr, 0, nullptr, nullptr);
    std::string made(size_t(size), 0);
    WideCharToMultiByte(CP_UTF8, 0, text.data(), int(text.size()), made.data(), size, nullptr, nullptr);
    return made;
}

inline std::string variable(const std::string& name) {  // of the environment; empty if it is not set
    const wchar_t* found = _wgetenv(wide(name).c_str());
    return found ? narrow(found) : "";
}

inline long own_process() { return long(GetCurrentProcessId()); }

#else

inline std::string variable(const std::string& name) {
    const char* found = std::getenv(name.c_str());
    return found ? found : "";
}

inline long own_process() { return long(getpid()); }

#endif

inline std::string in_utf8(const std::filesystem::path& path) {  // since C++20 that is a text of a kind of its own
    auto text = path.u8string();
    return std::string(text.begin(), text.end());
}

inline std::string text_at(const std::filesystem::path& file) {  // empty if it cannot be read
    std::ifstream opened(file, std::ios::binary);
    std::stringstream text;
    if (opened) text << opened.rdbuf();
    return text.str();
}

}  // namespace cloud_licence
