// The transport: WinHTTP on Windows, libcurl elsewhere. The system's certificates and no way around them; no redirect
// is followed. A request ends early where nobody has patience any more.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>

#include "answers.hpp"
#include "system.hpp"
#include "unicode.hpp"

#ifdef _WIN32
#include <winhttp.h>
#else
#include <curl/curl.h>
static_assert(LIBCURL_VERSION_NUM >= 0x074400, "libcurl 7.68 or newer is needed");
#endif

namespace cloud_licence {

constexpr size_t largest_body = 256 * 1024;

struct Request {
    std::string method, url;
    std::map<std::string, std::string> headers;
    std::string body;
};

// Until when requests may last. Whoever ends the program hurries them, from any thread.
class Patience {
  public:
    void hurry(int milliseconds) {  // at most so much longer, for all that is still asked
        long long wanted = now() + milliseconds, before = until.load();
        while (wanted < before && !until.compare_exchange_weak(before, wanted)) {}
        ++hurries;
        std::lock_guard<std::mutex> alone(lock);
        if (hang_up) hang_up();
    }
    int milliseconds_left(int at_most) const {
        long long left = until.load() - now();
        return left <= 0 ? 0 : left < at_most ? int(left) : at_most;
    }
    // A request that was begun before somebody hurried ends at once: what is still to be said is more urgent.
    int times_hurried() const { return hurries.load(); }
    void set_hang_up(std::function<void()> by) {  // what ends a request that another thread waits for
        std::lock_guard<std::mutex> alone(lock);
        hang_up = std::move(by);
    }

  private:
    static constexpr long long never = std::numeric_limits<long long>::max();
    static long long now() {
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
    }
    std::atomic<long long> until{never};
    std::atomic<int> hurries{0};
    std::mutex lock;
    std::function<void()> hang_up;
};

struct Way {            // to the service
    std::string proxy;  // an address, "direct", or empty for the system's
    int timeout_seconds = 10;
    Patience* patience = nullptr;
    int milliseconds() const { return patience ? patience->milliseconds_left(timeout_seconds * 1000) : timeout_seconds * 1000; }
};

inline Response none_because(const std::string& why) {
    Response made;
    made.why = why;
    return made;
}

// A name, or an address of IPv6 in brackets.
inline bool is_host(const std::string& text) {
    if (text.empty() || text.find_first_of(" \t\r\n") != std::string::npos) return false;
    if (text.front() != '[') return text.find_first_of("[]:") == std::string::npos;
    return text.size() > 2 && text.find_first_of("[]", 1) == text.size() - 1;
}

// An address of HTTP: a scheme, a host, and a port if there is one.
inline bool is_address(const std::string& url) {
    std::string scheme = in_small_letters(url.substr(0, url.find("://")));
    if (url.find("://") == std::string::npos || (scheme != "http" && scheme != "https")) return false;
    std::string place = url.substr(scheme.size() + 3);
    place = place.substr(0, place.find_first_of("/?#"));
    if (size_t at = place.rfind('@'); at != std::string::npos) place = place.substr(at + 1);
    size_t bracket = place.rfind(']'), colon = place.rfind(':');
    bool has_port = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    std::string host = has_port ? place.substr(0, colon) : place, port = has_port ? place.substr(colon + 1) : "";
    bool is_number = port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
    int number = port.empty() || !is_number ? 1 : std::atoi(port.c_str());
    return is_host(host) && is_number && number > 0 && number < 65536;
}

// The address of the service that somebody typed, for its place in the own entry; none for what can be none.
inline std::optional<std::string> service_url_of(const std::string& typed) {
    auto text = sensible(*row_named("ServiceUrl"), typed);
    auto is_blank = [](unsigned char c) { return c <= ' ' || c == 0x7F; };
    bool is_one = text && is_address(*text) && std::none_of(text->begin(), text->end(), is_blank);
    return is_one ? text : std::nullopt;
}

// As people may see it: without a name, a password, and what follows its path.
inline std::string shown_address(const std::string& url) {
    std::string text = trimmed(url), scheme = text.substr(0, text.find("://") == std::string::npos ? 0 : text.find("://") + 3);
    size_t at = text.rfind('@');
    if (at != std::string::npos) text = scheme + text.substr(at + 1);
    return text.substr(0, text.find('?'));
}

inline bool is_proxy(const std::string& named) {  // as a policy has it: empty for the system's
    if (named.empty() || in_small_letters(named) == "direct") return true;
    return is_address(named.find("://") == std::string::npos ? "http://" + named : named);
}

inline bool can_be_asked(const Way& way, const std::string& url) { return is_address(url) && is_proxy(way.proxy); }

#ifdef _WIN32

using Handle = std::unique_ptr<void, decltype(&WinHttpCloseHandle)>;

inline Response none_because(DWORD error) {
    if (error == ERROR_WINHTTP_TIMEOUT) return none_because("timed_out");
    if (error == ERROR_WINHTTP_SECURE_FAILURE) return none_because("certificate");
    bool is_wrong = error == ERROR_WINHTTP_INVALID_URL || error == ERROR_WINHTTP_UNRECOGNIZED_SCHEME;
    return none_because(is_wrong ? "no_service" : "unreachable");
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
    bool is_direct = in_small_letters(way.proxy) == "direct", is_named = !way.proxy.empty() && !is_direct;
    std::wstring name = wide(way.proxy.substr(way.proxy.rfind('/') + 1));  // host:port is wanted
    DWORD kind = is_named ? WINHTTP_ACCESS_TYPE_NAMED_PROXY
                 : is_direct ? WINHTTP_ACCESS_TYPE_NO_PROXY : WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY;
    Handle made(WinHttpOpen(L"cloud-licence/1", kind, is_named ? name.c_str() : nullptr, nullptr, 0), WinHttpCloseHandle);
    int wait = way.milliseconds();
    WinHttpSetTimeouts(made.get(), wait, wait, wait, wait);
    return made;
}

// A request that another thread may end by closing its handle. Only one of the two closes it.
class Ending {
  public:
    Ending(Patience* patience, HINTERNET request) : patience(patience), request(request) {
        if (patience) patience->set_hang_up([this] { close(); });
    }
    ~Ending() {
        if (patience) patience->set_hang_up(nullptr);
        close();
    }
    Ending(const Ending&) = delete;
    Ending& operator=(const Ending&) = delete;

  private:
    void close() { if (HINTERNET mine = request.exchange(nullptr)) WinHttpCloseHandle(mine); }
    Patience* patience;
    std::atomic<HINTERNET> request;
};

inline Response received(HINTERNET request) {
    Response made;
    char part[4096];
    DWORD read = 0;
    while (WinHttpReadData(request, part, sizeof part, &read) && read) {
        made.body.append(part, read);
        if (made.body.size() > largest_body) return none_because("timed_out");
    }
    made.status = std::atoi(header(request, WINHTTP_QUERY_STATUS_CODE).c_str());
    made.content_type = header(request, WINHTTP_QUERY_CONTENT_TYPE);
    made.retry_after = header(request, WINHTTP_QUERY_RETRY_AFTER);
    made.x_request_id = header(request, WINHTTP_QUERY_CUSTOM, L"X-Request-Id");
    made.date = header(request, WINHTTP_QUERY_DATE);
    return made;
}

inline Response send(const Way& way, const Request& wanted) {
    if (!can_be_asked(way, wanted.url)) return none_because("no_service");
    if (way.milliseconds() <= 0) return none_because("unreachable");
    std::wstring url = wide(wanted.url);
    URL_COMPONENTS parts{};
    parts.dwStructSize = sizeof parts;
    parts.dwHostNameLength = parts.dwUrlPathLength = DWORD(-1);
    if (!WinHttpCrackUrl(url.c_str(), 0, 0, &parts)) return none_because(GetLastError());
    std::wstring host(parts.lpszHostName, parts.dwHostNameLength);

    Handle session = opened(way);
    Handle connection(WinHttpConnect(session.get(), host.c_str(), parts.nPort, 0), WinHttpCloseHandle);
    DWORD flags = parts.nScheme == INTERNET_SCHEME_HTTPS ? WINHTTP_FLAG_SECURE : 0;
    HINTERNET request = WinHttpOpenRequest(connection.get(), wide(wanted.method).c_str(), parts.lpszUrlPath, nullptr,
                                           WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES, flags);
    if (!request) return none_because(GetLastError());
    Ending ending(way.patience, request);
    DWORD never = WINHTTP_OPTION_REDIRECT_POLICY_NEVER;
    WinHttpSetOption(request, WINHTTP_OPTION_REDIRECT_POLICY, &never, sizeof never);

    std::wstring headers;
    for (const auto& [name, value] : wanted.headers) headers += wide(name + ": " + value + "\r\n");
    bool is_sent = WinHttpSendRequest(request, headers.c_str(), DWORD(-1), const_cast<char*>(wanted.body.data()),
                                      DWORD(wanted.body.size()), DWORD(wanted.body.size()), 0);
    if (!is_sent || !WinHttpReceiveResponse(request, nullptr)) return none_because(GetLastError());
    return received(request);
}

#else

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using CurlMulti = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

inline size_t take_body(char* data, size_t, size_t count, void* into) {
    std::string& body = *static_cast<std::string*>(into);
    if (body.size() + count > largest_body) return 0;
    body.append(data, count);
    return count;
}

inline size_t take_header(char* data, size_t, size_t count, void* into) {
    Response& made = *static_cast<Response*>(into);
    std::string line(data, count), value = trimmed(line.substr(std::min(line.size(), line.find(':') + 1)));
    std::string name = in_small_letters(line.substr(0, line.find(':')));
    if (line.rfind("HTTP/", 0) == 0) made.content_type = made.retry_after = made.x_request_id = made.date = "";
    if (name == "content-type") made.content_type = value;
    if (name == "retry-after") made.retry_after = value;
    if (name == "x-request-id") made.x_request_id = value;
    if (name == "date") made.date = value;
    return count;
}

inline std::string why_no_tunnel(CURL* curl) {  // what a proxy said that would not carry a connection
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &status);
    if (status == 407) return "proxy_password";
    return status >= 300 && status < 500 ? "captive_portal" : "unreachable";
}

inline std::string why(CURL* curl, CURLcode problem) {
    switch (problem) {
        case CURLE_OPERATION_TIMEDOUT: case CURLE_WRITE_ERROR: return "timed_out";
        case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_ISSUER_ERROR: return "certificate";
        case CURLE_URL_MALFORMAT: case CURLE_UNSUPPORTED_PROTOCOL: return "no_service";
        default: return why_no_tunnel(curl);
    }
}

// The proxy of the environment for http in capital letters too, as other programs have it; libcurl leaves that out
// for the sake of CGI.
inline std::string proxy_for(const Way& way, const std::string& url) {
    bool is_plain = in_small_letters(url.substr(0, 5)) == "http:";
    if (!way.proxy.empty() || !is_plain || !variable("http_proxy").empty() || !variable("REQUEST_METHOD").empty()) return way.proxy;
    return variable("HTTP_PROXY");
}

inline void set_up(CURL* curl, const Way& way, const Request& wanted, curl_slist* headers, Response& into) {
    std::string proxy = proxy_for(way, wanted.url);
    if (in_small_letters(proxy) == "direct") curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    else if (!proxy.empty()) curl_easy_setopt(curl, CURLOPT_PROXY, proxy.c_str());
    if (!way.proxy.empty() && in_small_letters(proxy) != "direct") curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
    curl_easy_setopt(curl, CURLOPT_URL, wanted.url.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, wanted.method.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (!wanted.body.empty()) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, long(wanted.body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, wanted.body.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, long(way.milliseconds()));
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "cloud-licence/1");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // signals are the program's
    curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body), curl_easy_setopt(curl, CURLOPT_WRITEDATA, &into.body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header), curl_easy_setopt(curl, CURLOPT_HEADERDATA, &into);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // a name that is still looked up holds nobody up
#endif
}

// Lets a request run to its end, or until nobody waits for it.
inline CURLcode performed(CURL* curl, const Way& way) {
    CurlMulti multi(curl_multi_init(), curl_multi_cleanup);
    curl_multi_add_handle(multi.get(), curl);
    CURLcode found = CURLE_ABORTED_BY_CALLBACK;
    const int hurried = way.patience ? way.patience->times_hurried() : 0;
    for (int running = 1; running && !(way.patience && way.patience->times_hurried() != hurried);) {
        curl_multi_perform(multi.get(), &running);
        if (running) curl_multi_poll(multi.get(), nullptr, 0, 20, nullptr);
    }
    int left = 0;
    for (CURLMsg* message; (message = curl_multi_info_read(multi.get(), &left));)
        if (message->msg == CURLMSG_DONE) found = message->data.result;
    curl_multi_remove_handle(multi.get(), curl);
    return found;
}

inline Response send(const Way& way, const Request& wanted) {
    static const CURLcode is_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    Curl curl(is_ready == CURLE_OK ? curl_easy_init() : nullptr, curl_easy_cleanup);
    if (!can_be_asked(way, wanted.url)) return none_because("no_service");
    if (!curl || way.milliseconds() <= 0) return none_because("unreachable");
    CurlList headers(curl_slist_append(nullptr, "Expect:"), curl_slist_free_all);  // no round trip before the body
    for (const auto& [name, value] : wanted.headers) curl_slist_append(headers.get(), (name + ": " + value).c_str());
    Response made;
    set_up(curl.get(), way, wanted, headers.get(), made);
    CURLcode problem = performed(curl.get(), way);
    if (problem != CURLE_OK) return none_because(why(curl.get(), problem));
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    made.status = int(status);
    return made;
}

#endif

}  // namespace cloud_licence
