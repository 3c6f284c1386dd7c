// The C interface over the headers. No exception crosses, and nothing is believed of a struct beyond its size.
#include "../c/cloud_licence.h"

#include <cstring>

#include "cloud_licence/background.hpp"
#include "cloud_licence/doctor.hpp"

using namespace cloud_licence;

struct cl_licence { Licence licence; };

namespace {

#ifndef CLOUD_LICENCE_IS_LENT  // the conformance kit lends another machine, clock and network (kit/by_c.cpp)
void lend(Program&, World&) {}
#endif

// What the caller knows of a struct; nothing where that is less than the first version had.
template <class Struct> std::optional<Struct> known(const Struct* given, size_t least) {
    if (!given || given->size < least) return std::nullopt;
    Struct made{};
    std::memcpy(&made, given, std::min(given->size, sizeof made));
    return made;
}

std::string text_or_none(const char* text, const std::string& otherwise = "") { return text ? text : otherwise; }

Texts in_list(const char* text) {
    Texts made;
    std::istringstream parts(text_or_none(text));
    for (std::string part; std::getline(parts, part, ',');)
        if (std::string name = trimmed(part); !name.empty()) made.push_back(name);
    return made;
}

Program program_of(const cl_program& told) {
    Program made;
    made.version = text_or_none(told.version), made.software = text_or_none(told.software);
    made.vendor = text_or_none(told.vendor, made.vendor), made.product = text_or_none(told.product, made.product);
    made.features = in_list(told.features), made.optional_features = in_list(told.optional_features);
    made.language = text_or_none(told.language, made.language);
    made.pinned_keys = read_json(text_or_none(told.pinned_keys, "[]"));
    return described(made);  // to go on without keys would be to trust any
}

template <size_t room> void put(char (&place)[room], const std::string& text) {
    size_t size = std::min(text.size(), room - 1);
    while (size < text.size() && size > 0 && (text[size] & 0xC0) == 0x80) --size;  // not within a letter
    std::memcpy(place, text.data(), size);
    place[size] = 0;
}

cl_status as_struct(const Status& now) {
    cl_status made{};
    made.state = int32_t(now.state), made.is_open = now.is_open, made.is_asking = now.is_asking;
    made.new_key_waits = now.new_key_waits, made.grace_until = now.grace_until;
    put(made.code, now.code), put(made.licence_name, now.licence_name), put(made.message, now.message.text);
    put(made.contact, now.message.contact), put(made.reference, now.message.reference);
    put(made.notices, joined(now.notices, " ")), put(made.features, joined(now.features, ","));
    put(made.can_do_without, joined(now.can_do_without, ","));
    return made;
}

template <class Struct> int fill(Struct* place, Struct made) {
    made.size = place->size;
    std::memcpy(place, &made, std::min(made.size, sizeof made));
    return CL_OK;
}

int fill(cl_status* status, const Status& now) { return fill(status, as_struct(now)); }

cl_lease as_struct(const Desk& d, const std::string& lease, double at) {
    cl_lease made{};
    made.verdict = CL_LEASE_NONE;
    if (lease.empty()) return made;
    try {
        Lease found = verified(d, lease);
        made.verdict = runs_at(found, at) ? CL_LEASE_RUNS : at >= found.until ? CL_LEASE_OVER : CL_LEASE_NOT_YET;
        made.signed_at = found.signed_at, made.until = found.until;
        put(made.features, joined(found.features, ","));
    } catch (const LeaseNotValid& why) {
        made.verdict = CL_LEASE_NOT_VALID;
        put(made.why, why.what());
    }
    return made;
}

constexpr size_t least_program = offsetof(cl_program, context) + sizeof(void*);
constexpr size_t least_lease = offsetof(cl_lease, features) + sizeof cl_lease::features;
constexpr size_t least_status = offsetof(cl_status, can_do_without) + sizeof cl_status::can_do_without;

bool is_one(const cl_status* status) { return status && status->size >= least_status; }

// Does something; what goes wrong is a number.
template <class Do> int carefully(Do what) {
    try { return what(); }
    catch (const Malformed&) { return CL_WRONG_ARGUMENT; }
    catch (...) { return CL_FAILED; }
}

// What was typed, as it is written; what cannot be right is `otherwise`.
int put_typed(const std::optional<std::string>& plain, char* text, size_t size, int otherwise) {
    if (!plain) return otherwise;
    if (size <= plain->size()) return CL_WRONG_ARGUMENT;
    std::memcpy(text, plain->c_str(), plain->size() + 1);
    return CL_OK;
}

}  // namespace

const char* cl_version(void) { return library_version; }

int cl_open(const cl_program* program, cl_licence** licence) {
    return carefully([&] {
        auto told = known(program, least_program);
        if (!told || !told->version || !licence) return int(CL_WRONG_ARGUMENT);
        Licence::Listener listener;
        if (auto changed = told->changed) listener = [changed, context = told->context](const Status&) { changed(context); };
        Program asks = program_of(*told);
        World world;
        lend(asks, world);
        *licence = new cl_licence{Licence(asks, listener, world)};
        return int(CL_OK);
    });
}

int cl_get(cl_licence* licence, cl_status* status) {
    if (!licence || !is_one(status)) return CL_WRONG_ARGUMENT;
    return carefully([&] { return fill(status, licence->licence.status()); });
}

int cl_poll(cl_licence* licence, cl_status* status) {
    if (!licence || !is_one(status)) return CL_WRONG_ARGUMENT;
    return carefully([&] {
        auto change = licence->licence.poll();
        return change ? fill(status, *change) : int(CL_NOTHING);
    });
}

int cl_wait(cl_licence* licence, double seconds, cl_status* status) {
    if (!licence || !is_one(status)) return CL_WRONG_ARGUMENT;
    return carefully([&] { return fill(status, licence->licence.wait(std::max(0.0, std::min(seconds, 3600.0)))); });
}

int cl_look(cl_licence* licence) {
    return !licence ? int(CL_WRONG_ARGUMENT) : carefully([&] { return licence->licence.look(), int(CL_OK); });
}

int cl_try_again(cl_licence* licence) {
    return !licence ? int(CL_WRONG_ARGUMENT) : carefully([&] { return licence->licence.try_again(), int(CL_OK); });
}

int cl_go_without(cl_licence* licence) {
    return !licence ? int(CL_WRONG_ARGUMENT) : carefully([&] { return licence->licence.go_without(), int(CL_OK); });
}

int cl_take(cl_licence* licence, const char* features) {
    if (!licence || !features) return CL_WRONG_ARGUMENT;
    return carefully([&] { return licence->licence.take(in_list(features)), int(CL_OK); });
}

int cl_move(cl_licence* licence) {
    return !licence ? int(CL_WRONG_ARGUMENT) : carefully([&] { return licence->licence.move(), int(CL_OK); });
}

void cl_close(cl_licence* licence) {
    carefully([&] { return delete licence, int(CL_OK); });
}

int cl_enter(const cl_program* program, const char* serial_number, const char* product_key) {
    return carefully([&] {
        auto told = known(program, least_program);
        if (!told || !serial_number || !product_key) return int(CL_WRONG_ARGUMENT);
        auto number = serial_number_of(serial_number), key = product_key_of(product_key);
        if (!number) return int(CL_WRONG_SERIAL_NUMBER);
        if (!key) return int(CL_WRONG_PRODUCT_KEY);
        Program asked = program_of(*told);
        return int(write_own_entry(asked.vendor, asked.product, {{"SerialNumber", *number}, {"ProductKey", *key}}) ? CL_OK : CL_FAILED);
    });
}

int cl_enter_address(const cl_program* program, const char* address) {
    return carefully([&] {
        auto told = known(program, least_program);
        if (!told || !address) return int(CL_WRONG_ARGUMENT);
        auto url = service_url_of(address);
        if (!url) return int(CL_WRONG_ADDRESS);
        Program asked = program_of(*told);
        return int(write_own_entry(asked.vendor, asked.product, {{"ServiceUrl", *url}}) ? CL_OK : CL_FAILED);
    });
}

int cl_read_serial_number(const char* typed, char* text, size_t size) {
    if (!typed || !text) return CL_WRONG_ARGUMENT;
    return carefully([&] { return put_typed(serial_number_of(typed), text, size, CL_WRONG_SERIAL_NUMBER); });
}

int cl_read_product_key(const char* typed, char* text, size_t size) {
    if (!typed || !text) return CL_WRONG_ARGUMENT;
    return carefully([&] { return put_typed(product_key_of(typed), text, size, CL_WRONG_PRODUCT_KEY); });
}

int cl_read_lease(const cl_program* program, const char* lease, double at, cl_lease* found) {
    return carefully([&] {
        auto told = known(program, least_program);
        if (!told || !found || found->size < least_lease) return int(CL_WRONG_ARGUMENT);
        Program asks = program_of(*told);
        World world;
        lend(asks, world);
        return fill(found, at_desk(asks, world, [&](Desk& d) {
            return as_struct(d, lease ? lease : d.record.lease, at > 0 ? at : now(d));
        }));
    });
}

int cl_doctor(const cl_program* program, char* text, size_t* size) {
    return carefully([&] {
        auto told = known(program, least_program);
        if (!told || !size || (!text && *size)) return int(CL_WRONG_ARGUMENT);
        Program asks = program_of(*told);
        World world;
        lend(asks, world);
        std::string report = joined(doctor(asks, world).lines, "\n") + "\n";
        if (*size) {
            size_t room = std::min(*size - 1, report.size());
            std::memcpy(text, report.data(), room);
            text[room] = 0;
        }
        *size = report.size() + 1;
        return int(CL_OK);
    });
}
