// Leases: the service's signed promise that the program may go on offline until some time.
#pragma once

#include <vector>

#include "clocks.hpp"
#include "signatures.hpp"
#include "unicode.hpp"

namespace cloud_licence {

struct Lease {
    double signed_at = 0, until = 0;
    std::vector<std::string> features;  // that the session has
};
struct LeaseNotValid : std::runtime_error { using std::runtime_error::runtime_error; };

inline std::string decoded(const std::string& part) {  // base64url, strictly
    static const auto& letters = *new const std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    std::string made;
    unsigned bits = 0, held = 0;
    if (part.size() % 4 == 1) throw LeaseNotValid("malformed");
    for (char letter : part) {
        size_t value = letters.find(letter);
        if (value == std::string::npos) throw LeaseNotValid("malformed");
        held = (held << 6 | unsigned(value)) & 0xFFFF, bits += 6;
        if (bits >= 8) bits -= 8, made += char(held >> bits & 0xFF);
    }
    return made;
}

struct LeaseParts { Json header, claims; std::string signed_text, signature; };

inline LeaseParts parts_of(const std::string& text) {
    size_t first = text.find('.'), last = text.rfind('.');
    if (first == std::string::npos || first == last || text.find('.', first + 1) != last) throw LeaseNotValid("malformed");
    LeaseParts made{read_json(decoded(text.substr(0, first))), read_json(decoded(text.substr(first + 1, last - first - 1))),
                    text.substr(0, last), decoded(text.substr(last + 1))};
    if (!made.header.is_object() || !made.claims.is_object()) throw LeaseNotValid("malformed");
    return made;
}

// The first key of that name; null if there is none.
inline const Json& key_named(const Json& keys, const Json& kid) {
    static const Json& nothing = *new const Json();
    for (const Json& key : keys)
        if (kid.is_string() && member(key, "kid") == kid) return key;
    return nothing;
}

inline void require_signature(const LeaseParts& lease, const Json& keys) {
    if (text_in(lease.header, "alg") != "EdDSA" || lease.header.contains("crit")) throw LeaseNotValid("algorithm");
    const Json& key = key_named(keys, member(lease.header, "kid"));
    if (text_in(key, "crv") != "Ed25519") throw LeaseNotValid("key");
    std::string raw;
    try { raw = decoded(text_in(key, "x")); } catch (const LeaseNotValid&) { throw LeaseNotValid("signature"); }
    if (!is_signed(lease.signed_text, lease.signature, raw)) throw LeaseNotValid("signature");
}

inline void require_claims(const Json& claims) {
    for (const char* name : {"sub", "serial_number", "product", "machine_name", "username"})
        if (!member(claims, name).is_string()) throw LeaseNotValid("claims");
    for (const char* name : {"iat", "exp"})
        if (!member(claims, name).is_number_integer()) throw LeaseNotValid("claims");
}

// What the claims say, if they are of this program's lease.
inline Lease lease_of(const Json& claims, const std::string& machine_name, const std::string& username, const std::string& product) {
    require_claims(claims);
    if (as_compared(text_in(claims, "machine_name")) != as_compared(machine_name) ||
        as_compared(text_in(claims, "username")) != as_compared(username))
        throw LeaseNotValid("foreign");
    if (!product.empty() && text_in(claims, "product") != product) throw LeaseNotValid("product");
    Lease made{claims["iat"].get<double>(), claims["exp"].get<double>(), {}};
    for (const Json& feature : member(claims, "features"))
        if (feature.is_string()) made.features.push_back(feature.get<std::string>());
    return made;
}

// What a lease says, once it is known to be signed by the service for this program. Times are not looked at:
// see runs_at. Throws LeaseNotValid, whose text is why.
inline Lease verified(const std::string& text, const Json& keys, const std::string& machine_name,
                      const std::string& username, const std::string& product = "") {
    LeaseParts lease = parts_of(text);
    require_signature(lease, keys);
    return lease_of(lease.claims, machine_name, username, product);
}

inline bool runs_at(const Lease& lease, double now) { return lease.signed_at - clock_tolerance <= now && now < lease.until; }

}  // namespace cloud_licence
