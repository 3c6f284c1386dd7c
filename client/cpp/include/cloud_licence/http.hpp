// HTTP: WinHTTP on Windows, OpenSSL's connections elsewhere. The system's certificates and no way
// around them; no redirect is followed.
#pragma once

#include "desk.hpp"

#ifdef _WIN32
#include <windows.h>
#include <winhttp.h>
#else
#include <openssl/ssl.h>
#endif

namespace cloud_licence {

struct Way {           // to the service
    std::string proxy;  // an address, "direct", or empty for the system's (Windows only)
    int timeout_seconds = 10;
};

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

using Handle = std::unique_ptr<void, decltype(&WinHttpCloseHandle)>;

inline Response none_because(DWORD error) {
    Response made;
    if (error == ERROR_WINHTTP_TIMEOUT) made.why = "timed_out";
    if (error == ERROR_WINHTTP_SECURE_FAILURE) made.why = "certificate";
    if (error == ERROR_WINHTTP_INVALID_URL || error == ERROR_WINHTTP_UNRECOGNIZED_SCHEME) made.why = "no_service";
    return made;
}

inline std::string header(HINTERNET request, DWORD which, const wchar_t* name = WINHTTP_HEADER_NAME_BY_INDEX) {
    wchar_t found[256] = L"";
    DWORD size = sizeof found;
    if (name) std::wcsncpy(found, name, 255);  // a header by its name is asked for in the place of its value
    bool has = WinHttpQueryHeaders(request, which, name, found, &size, WINHTTP_NO_HEADER_INDEX);
    return has ? narrow(found) : "";
}

// Automatic: the user's settings with their script (PAC) and WPAD, as Windows finds them.
inline Handle opened(const Way& way) {
    bool is_named = !way.proxy.empty() && way.proxy != "direct";
    std::wstring name = wide(way.proxy.substr(way.proxy.rfind('/') + 1));  // host:port is wanted
    DWORD kind = is_named ? WINHTTP_ACCESS_TYPE_NAMED_PROXY
                 : way.proxy.empty() ? WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY : WINHTTP_ACCESS_TYPE_NO_PROXY;
    Handle made(WinHttpOpen(L"cloud-licence-example/1", kind, is_named ? name.c_str() : nullptr, nullptr, 0),
                WinHttpCloseHandle);
    int wait = way.timeout_seconds * 1000;
    WinHttpSetTimeouts(made.get(), wait, wait, wait, wait);
    return made;
}

inline Response send(const Way& way, const Request& wanted) {
    std::wstring url = wide(wanted.url);
    URL_COMPONENTS parts{};
    parts.dwStructSize = sizeof parts;
    parts.dwHostNameLength = parts.dwUrlPathLength = DWORD(-1);
    if (!WinHttpCrackUrl(url.c_str(), 0, 0, &parts)) return none_because(GetLastError());
    std::wstring host(parts.lpszHostName, parts.dwHostNameLength);

    Handle session = opened(way);
    Handle connection(WinHttpConnect(session.get(), host.c_str(), parts.nPort, 0), WinHttpCloseHandle);
    DWORD flags = parts.nScheme == INTERNET_SCHEME_HTTPS ? WINHTTP_FLAG_SECURE : 0;
    Handle request(WinHttpOpenRequest(connection.get(), wide(wanted.method).c_str(), parts.lpszUrlPath, nullptr,
                                      WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES, flags), WinHttpCloseHandle);
    DWORD never = WINHTTP_OPTION_REDIRECT_POLICY_NEVER;
    WinHttpSetOption(request.get(), WINHTTP_OPTION_REDIRECT_POLICY, &never, sizeof never);

    std::wstring headers;
    for (const auto& [name, value] : wanted.headers) headers += wide(name + ": " + value + "\r\n");
    if (!WinHttpSendRequest(request.get(), headers.c_str(), DWORD(-1), const_cast<char*>(wanted.body.data()),
                            DWORD(wanted.body.size()), DWORD(wanted.body.size()), 0) ||
        !WinHttpReceiveResponse(request.get(), nullptr)) return none_because(GetLastError());

    Response made;
    char part[4096];
    for (DWORD read = 0; WinHttpReadData(request.get(), part, sizeof part, &read) && read;) made.body.append(part, read);
    made.status = std::atoi(header(request.get(), WINHTTP_QUERY_STATUS_CODE).c_str());
    made.content_type = header(request.get(), WINHTTP_QUERY_CONTENT_TYPE);
    made.retry_after = header(request.get(), WINHTTP_QUERY_RETRY_AFTER);
    made.x_request_id = header(request.get(), WINHTTP_QUERY_CUSTOM, L"X-Request-Id");
    return made;
}

#else

inline std::string value_of(const std::string& head, const std::string& name) {
    for (size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
        std::string line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        size_t colon = line.find(':');
        if (colon != std::string::npos && as_compared(line.substr(0, colon)) == name) {
            std::string value = line.substr(colon + 1);
            return value.erase(0, value.find_first_not_of(' '));
        }
    }
    return "";
}

inline Response send(const Way&, const Request& wanted) {
    bool is_secure = wanted.url.rfind("https://", 0) == 0;
    std::string rest = wanted.url.substr(wanted.url.find("//") + 2), host = rest.substr(0, rest.find('/'));
    std::string path = rest.substr(host.size()), name = host.substr(0, host.find(':'));
    std::string place = host.find(':') == std::string::npos ? host + (is_secure ? ":443" : ":80") : host;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_default_verify_paths(context.get());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
        is_secure ? BIO_new_ssl_connect(context.get()) : BIO_new(BIO_s_connect()), BIO_free_all);
    BIO_set_conn_hostname(bio.get(), place.c_str());
    Response made;
    SSL* ssl = nullptr;
    if (is_secure) {
        BIO_get_ssl(bio.get(), &ssl);
        SSL_set_tlsext_host_name(ssl, name.c_str());
        SSL_set1_host(ssl, name.c_str());
    }
    if (BIO_do_connect(bio.get()) <= 0) {
        if (ssl && SSL_get_verify_result(ssl) != X509_V_OK) made.why = "certificate";
        return made;
    }

    std::string request = wanted.method + " " + path + " HTTP/1.0\r\nHost: " + host + "\r\n";
    for (const auto& [header, value] : wanted.headers) request += header + ": " + value + "\r\n";
    request += "Content-Length: " + std::to_string(wanted.body.size()) + "\r\n\r\n" + wanted.body;
    if (BIO_write(bio.get(), request.data(), int(request.size())) <= 0) return made;

    std::string all;
    char part[4096];
    for (int read; (read = BIO_read(bio.get(), part, sizeof part)) > 0;) all.append(part, size_t(read));
    size_t end = all.find("\r\n\r\n");
    if (end == std::string::npos || std::sscanf(all.c_str(), "HTTP/%*s %d", &made.status) != 1) return made;
    made.body = all.substr(end + 4), all.resize(end);
    made.content_type = value_of(all, "content-type"), made.retry_after = value_of(all, "retry-after");
    made.x_request_id = value_of(all, "x-request-id");
    return made;
}

#endif

}  // namespace cloud_licence
