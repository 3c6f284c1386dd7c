// The doctor: why a computer does or does not get a licence, as one report to paste. It shows no product key, no token and
// no password in an address, and is in English: support reads it.
#pragma once

#include "program.hpp"

namespace cloud_licence {

inline const char* const library_version = "1.2.0";

struct Report {
    Texts lines;
    bool is_well = true;
    void note(const std::string& text) { lines.push_back("    " + text); }
    void ok(const std::string& text) { lines.push_back("ok  " + text); }
    void bad(const std::string& text) { lines.push_back("BAD " + text), is_well = false; }
};

inline std::string masked(const std::string& secret) {  // its last four characters
    return secret.empty() ? "" : "****" + secret.substr(secret.size() - std::min<size_t>(4, secret.size()));
}

inline std::string as_shown(const Row& row, const std::string& value) {
    bool may_have_a_password = row.name == std::string("ServiceUrl") || row.name == std::string("Proxy");
    return row.is_secret ? masked(value) : may_have_a_password ? shown_address(value) : value;
}

inline void report_policy(Report& report, const Policy& policy) {
    report.lines.push_back("Policy");
    for (const Row& row : rows) {
        auto source = policy.sources.find(row.name);
        report.note(std::string(row.name) + " = " + as_shown(row, policy[row.name]) + " (" + (source == policy.sources.end() ? "default" : source->second) + ")");
    }
    if (!policy.has_key()) report.bad("No level has both a serial number and a product key.");
    if (policy["ServiceUrl"].empty()) report.bad("ServiceUrl is not set.");
}

inline void report_waiting(Report& report, const Record& record) {
    for (const UnsentClose& close : record.closes) {
        std::string proof = close.session.token.empty() ? " with the key of " + close.serial_number : "";
        std::string ended = close.ended_at > 0 ? moment_in_words("en", close.ended_at, true) + " UTC" : "?";
        report.note("close of " + close.session.id + proof + ", ended " + ended);
    }
    if (record.pending) report.note("no answer yet to the check-out of " + record.pending.session_id);
}

inline void report_device(Report& report, Desk& d) {
    std::filesystem::path file = place_of_device(d.folder, d.identity);
    std::string text = text_at(file), machine_id = d.world.machine_id(), place = in_utf8(file);
    if (!device_in(text, machine_id).empty())
        report.note("device id kept in " + place + (machine_id.empty() ? ", no machine id to check it by" : ", and this machine says who it is"));
    else report.note(text.empty() ? "no device id yet" : "device id in " + place + " is another machine's: a new one is made at the next start");
}

inline void report_computer(Report& report, Desk& d) {
    const Situation& s = d.record.situation;
    report.lines.push_back("This computer");
    report.note(d.identity.username + " on " + d.identity.machine_name + (d.identity.os_session.empty() ? "" : ", session " + d.identity.os_session));
    report.note(in_utf8(d.store.path) + ": " + name_of(s.state) + (s.code.empty() ? "" : " " + s.code));
    if (causes.count(s.code)) report.note(say("en", "cause." + s.code));
    report.note(std::to_string(d.record.holders.size()) + " open, " + std::to_string(d.record.closes.size()) + " closes to be sent");
    report_waiting(report, d.record);
    if (!d.record.lease.empty()) report.note("offline until " + moment_in_words("en", s.grace_until, true) + " UTC");
    if (!s.reference.empty()) report.note("reference " + s.reference);
    report_device(report, d);
    if (has_clock_problem(d)) report.bad("The clock shows an earlier time than when the program last ran.");
    for (const std::string& notice : d.store.notices) report.bad(notice);
}

inline void report_service(Report& report, const Desk& d) {
    const std::string url = d.policy["ServiceUrl"], proxy = d.policy["Proxy"];
    if (url.empty()) return;  // the policy's part says so
    report.lines.push_back("Service");
    if (!is_address(url)) return report.bad(shown_address(url) + " is no address of HTTP.");
    if (!is_proxy(proxy)) return report.bad("The proxy " + shown_address(proxy) + " is no address of HTTP. A policy has proxy.example:8080, or direct.");
    report.note(shown_address(url) + ", proxy: " + (proxy.empty() ? "the system's" : shown_address(proxy)));
    Response response = sent(d, Asked{new_request_id(), false, ""}, {"GET", "/healthz", ""});
    if (response.status == 0)
        return report.bad("The service cannot be asked (" + response.why + "). " + say("en", "cause." + response.why));
    Json keys = fetched_keys(d);
    if (keys.empty()) return report.bad("Something else answers (" + std::to_string(response.status) + "): a proxy or a sign-in page?");
    report.ok("The service answers " + std::to_string(response.status) + " and has " + std::to_string(keys.size()) + " public keys.");
}

// Waits for the network and the store: not in the window's thread. Throws StoreBusy where another window holds that.
inline Report doctor(const Program& program, const World& world = World()) {
    return at_desk(program, world, [](Desk& d) {
        Report report;
        report.lines.push_back(std::string("cloud-licence C++ ") + library_version + ", " + rfc3339(d.world.clock()));
        report_policy(report, d.newest_policy);
        report_computer(report, d);
        report_service(report, d);
        return report;
    });
}

}  // namespace cloud_licence
